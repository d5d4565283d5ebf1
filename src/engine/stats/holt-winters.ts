import { assert } from "#base/assert.ts";
import { distance } from "./distance.ts";
import { type Saved, savedNumbers } from "./saved.ts";

const STEPS_MAX = 20_160;
const HEAD = 5;

/** Smoothing in [0, 1], and the seasons in steps: of five minutes, a day is 288 and a week 2,016. */
export interface HoltWintersConfig {
  /** α: of the level. */
  readonly level: number;
  /** β: of the trend; 0 for traffic that does not grow while one looks. */
  readonly trend: number;
  /** γ: of the seasons. */
  readonly season: number;
  /** φ: of the deviation, which one value in ten should not move by half as γ would let it. */
  readonly spread: number;
  /** Shortest first; all of them together at most 20,160 steps (two weeks of minutes). */
  readonly periods: readonly number[];
  /** δ: the band is the forecast ± δ times the mean absolute deviation. 3 leaves out 1.7 % of normally distributed values. */
  readonly bandDeviations: number;
  /** What is farther off than this many deviations is learnt as if it were no farther, so that an attack does not become usual. */
  readonly learnDeviationsMax: number;
}

const defaults: HoltWintersConfig = {
  level: 0.1,
  trend: 0.002,
  season: 0.1,
  spread: 0.02,
  periods: [288],
  bandDeviations: 3,
  learnDeviationsMax: 6,
};

/**
 * Additive Holt–Winters forecasts for counts per step with one or more seasons (Winters, Management Science 6, 1960; two
 * seasons: Taylor, J. Oper. Res. Soc. 54, 2003; bands: Brutlag, LISA 2000). Level l, trend b, seasons s, deviation d:
 *   ŷ = l + b + Σs,   l ← α(y − Σs) + (1 − α)(l + b),   b ← β(l − l′) + (1 − β)b,   s ← γ(y − l − others) + (1 − γ)s,
 *   d ← φ|y − ŷ| + (1 − φ)d.
 * (Brutlag keeps a d for each place of the season and so can use γ for it; one for all is learnt sooner.)
 * The first shortest season sets itself, the first longest one sets all of them anew; until then it is not in use. Places
 * of seasons and the deviation start with the plain mean of what they saw. Four bytes per step of the seasons.
 */
export class HoltWinters {
  readonly config: HoltWintersConfig;
  #level = 0;
  #trend = 0;
  #deviation = 0;
  /** Steps so far, and those that had a value. */
  #steps = 0;
  #learnt = 0;
  /** All seasons, one after the other. */
  readonly #seasons: Float32Array;

  constructor(config: Partial<HoltWintersConfig> = {}) {
    this.config = { ...defaults, ...config };
    const { periods } = this.config;
    const steps = periods.reduce((sum, period) => sum + period, 0);
    const rising = periods.every((period, i) => Number.isInteger(period) && period > (periods[i - 1] ?? 0));
    assert(
      periods.length > 0 && rising && steps <= STEPS_MAX,
      `seasons are whole, shortest first, and together at most ${STEPS_MAX} steps`,
    );
    this.#seasons = new Float32Array(steps);
  }

  /** Whether forecasts can be trusted: two of the shortest periods were seen. */
  get isReady(): boolean {
    return this.#learnt >= 2 * this.#shortest;
  }

  /** What the next value should be. */
  get forecast(): number {
    return this.#isStarting ? this.#level : this.#level + this.#trend + this.#season();
  }

  /** The mean absolute deviation of values from forecasts. */
  get deviation(): number {
    return this.#deviation;
  }

  /** The lower and upper end of the band around the forecast. */
  get lower(): number {
    return this.forecast - this.config.bandDeviations * this.#deviation;
  }

  get upper(): number {
    return this.forecast + this.config.bandDeviations * this.#deviation;
  }

  /** Takes the value of the next step: by how many deviations it is off, 0 as long as forecasts cannot be trusted. */
  add(value: number): number {
    const off = value - this.forecast;
    const answer = this.isReady ? distance(off, this.#deviation) : 0;
    this.#learnt++;
    if (this.#isStarting) {
      this.#record(value);
      this.#level += off / this.#learnt;
    } else {
      const limit = this.isReady && this.#deviation > 0 ? this.config.learnDeviationsMax * this.#deviation : Math.abs(off);
      // Recorded is the value itself: the first weekend is as far off as an attack, and must be learnt.
      if (this.#steps < this.#longest) this.#record(value);
      this.#learn(Math.max(-limit, Math.min(limit, off)));
    }
    this.#pass();
    return answer;
  }

  /** Lets steps pass without a value: nobody was listening. */
  skip(steps: number): void {
    let left = steps;
    for (; left > 0 && this.#steps < this.#longest; left--) {
      this.#record(this.forecast);
      this.#pass();
    }
    this.#steps += left;
  }

  state(): Saved {
    return [this.#steps, this.#learnt, this.#level, this.#trend, this.#deviation, ...this.#seasons];
  }

  fromState(state: unknown): boolean {
    const saved = savedNumbers(state, HEAD + this.#seasons.length);
    if (saved === undefined) return false;
    const [steps, learnt, level, trend, deviation] = saved as [number, number, number, number, number];
    if (!Number.isInteger(steps) || steps < 0 || deviation < 0) return false;
    [this.#steps, this.#learnt, this.#level, this.#trend, this.#deviation] = [steps, learnt, level, trend, deviation];
    this.#seasons.set(saved.slice(HEAD));
    return true;
  }

  get #shortest(): number {
    return this.config.periods[0] as number;
  }

  get #longest(): number {
    return this.config.periods.at(-1) as number;
  }

  get #isStarting(): boolean {
    return this.#steps < this.#shortest;
  }

  /** How many of the seasons are in use: until the longest is over its place holds the values themselves. */
  get #seasonsInUse(): number {
    return this.#steps < this.#longest ? 1 : this.config.periods.length;
  }

  /** Keeps a value until the end of the first and of the longest season. */
  #record(value: number): void {
    if (this.#isStarting) this.#seasons[this.#steps] = value;
    if (this.config.periods.length > 1) this.#seasons[this.#seasons.length - this.#longest + this.#steps] = value;
  }

  /** The sum of all seasons at the next step. */
  #season(): number {
    let sum = 0;
    let from = 0;
    for (let i = 0; i < this.#seasonsInUse; i++) {
      const period = this.config.periods[i] as number;
      sum += this.#seasons[from + (this.#steps % period)] as number;
      from += period;
    }
    return sum;
  }

  #learn(off: number): void {
    const { level, trend, season, spread, periods } = this.config;
    const before = this.#level;
    const predicted = this.#level + this.#trend;
    this.#level = predicted + level * off;
    this.#trend += trend * (this.#level - before - this.#trend);
    const seen = Math.max(1, this.#learnt - this.#shortest);
    this.#deviation += Math.max(spread, 1 / seen) * (Math.abs(off) - this.#deviation);
    let left = off - level * off;
    let from = 0;
    for (let i = 0; i < this.#seasonsInUse; i++) {
      const period = periods[i] as number;
      const at = from + (this.#steps % period);
      const share = Math.max(season, 1 / (Math.floor(this.#steps / period) + 1)) * left;
      this.#seasons[at] = (this.#seasons[at] as number) + share;
      left -= share;
      from += period;
    }
  }

  /** One step on; at the end of the first season, and again of the longest, what was recorded becomes seasons. */
  #pass(): void {
    this.#steps++;
    if (this.#steps === this.#shortest) {
      for (let i = 0; i < this.#shortest; i++) this.#seasons[i] = (this.#seasons[i] as number) - this.#level;
    }
    if (this.#steps === this.#longest && this.config.periods.length > 1) this.#decompose();
  }

  /** The values of the longest season are its mean, what the places of each shorter season have in common, and the rest. */
  #decompose(): void {
    const rest = this.#seasons.subarray(this.#seasons.length - this.#longest);
    this.#trend = 0;
    this.#level = 0;
    for (const value of rest) this.#level += value / rest.length;
    for (let i = 0; i < rest.length; i++) rest[i] = (rest[i] as number) - this.#level;
    let from = 0;
    for (const period of this.config.periods.slice(0, -1)) {
      for (let place = 0; place < period; place++) {
        let [sum, places] = [0, 0];
        for (let i = place; i < rest.length; i += period, places++) sum += rest[i] as number;
        for (let i = place; i < rest.length; i += period) rest[i] = (rest[i] as number) - sum / places;
        this.#seasons[from + place] = sum / places;
      }
      from += period;
    }
  }
}
