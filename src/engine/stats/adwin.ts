import { assert } from "#base/assert.ts";
import { type Saved, savedNumbers } from "./saved.ts";

/** Buckets of one size before the two oldest become one of twice the size: M of the paper. */
const PER_LEVEL = 5;
const SLOTS = PER_LEVEL + 1;
/** The window holds at most 5·(2^24 − 1) values, 84 million; beyond, the oldest are forgotten. */
const LEVELS_MAX = 24;
const HEAD = 2;

export interface AdwinConfig {
  /** δ: the chance of a false alarm per test. */
  readonly delta: number;
  /** The range values are cut to: the bounds of the test hold for bounded values only. */
  readonly low: number;
  readonly high: number;
  /** A test is made once in so many values. */
  readonly testEvery: number;
  /** Neither half of a cut is shorter. */
  readonly halfMin: number;
}

const defaults: AdwinConfig = { delta: 0.002, low: 0, high: 1, testEvery: 32, halfMin: 5 };

/**
 * A window that is as long as its mean stays the same (ADWIN2: Bifet and Gavaldà, SDM 2007). Whenever two halves of it
 * have means that differ by more than chance allows, its oldest part is dropped: drift. Kept are sums and sums of squares
 * in an exponential histogram, 2.4 KB for any length.
 *
 *   level 0: 1 1 1 1    level 1: 2 2 2    level 2: 4 4 4 4 4 …      in a level the oldest first; the higher the older
 */
export class Adwin {
  readonly config: AdwinConfig;
  /** Values in the window. */
  width = 0;
  #sum = 0;
  #squares = 0;
  #untilTest: number;
  readonly #sums = new Float64Array(LEVELS_MAX * SLOTS);
  readonly #squaresOf = new Float64Array(LEVELS_MAX * SLOTS);
  readonly #held = new Int32Array(LEVELS_MAX);

  constructor(config: Partial<AdwinConfig> = {}) {
    this.config = { ...defaults, ...config };
    const { delta, low, high, testEvery, halfMin } = this.config;
    assert(delta > 0 && delta < 1 && high > low && testEvery >= 1 && halfMin >= 1, "ADWIN has δ in (0, 1), a range and a rhythm");
    this.#untilTest = testEvery;
  }

  /** Takes a value; true when the window was cut: what comes is different from what was. */
  add(value: number): boolean {
    const { low, high, testEvery } = this.config;
    const unit = Math.max(0, Math.min(1, (value - low) / (high - low)));
    this.#insert(0, unit, unit * unit);
    this.width++;
    this.#sum += unit;
    this.#squares += unit * unit;
    this.#untilTest--;
    if (this.#untilTest > 0) return false;
    this.#untilTest = testEvery;
    let isCut = false;
    while (this.#differs()) {
      this.#dropOldest();
      isCut = true;
    }
    return isCut;
  }

  /** The mean of the window; 0 when it is empty. */
  get mean(): number {
    const { low, high } = this.config;
    return this.width === 0 ? 0 : low + (high - low) * (this.#sum / this.width);
  }

  state(): Saved {
    const buckets: number[] = [];
    for (let level = 0; level < LEVELS_MAX; level++) {
      for (let i = 0; i < (this.#held[level] as number); i++) {
        buckets.push(this.#sums[level * SLOTS + i] as number, this.#squaresOf[level * SLOTS + i] as number);
      }
    }
    return [this.width, this.#untilTest, ...this.#held, ...buckets];
  }

  fromState(state: unknown): boolean {
    const saved = savedNumbers(state, HEAD + LEVELS_MAX, true);
    if (saved === undefined) return false;
    const held = saved.slice(HEAD, HEAD + LEVELS_MAX);
    const width = held.reduce((sum, count, level) => sum + count * 2 ** level, 0);
    const buckets = held.reduce((sum, count) => sum + count, 0);
    if (held.some((count) => !Number.isInteger(count) || count < 0 || count > PER_LEVEL)) return false;
    if (width !== saved[0] || saved.length !== HEAD + LEVELS_MAX + 2 * buckets) return false;
    this.width = width;
    this.#untilTest = saved[1] as number;
    this.#held.set(held);
    [this.#sum, this.#squares] = [0, 0];
    let from = HEAD + LEVELS_MAX;
    for (let level = 0; level < LEVELS_MAX; level++) {
      for (let i = 0; i < (held[level] as number); i++, from += 2) {
        this.#sums[level * SLOTS + i] = saved[from] as number;
        this.#squaresOf[level * SLOTS + i] = saved[from + 1] as number;
        this.#sum += saved[from] as number;
        this.#squares += saved[from + 1] as number;
      }
    }
    return true;
  }

  /** Appends a bucket; a level that has too many hands the sum of its two oldest to the next. */
  #insert(level: number, sum: number, squares: number): void {
    const at = level * SLOTS;
    const held = this.#held[level] as number;
    this.#sums[at + held] = sum;
    this.#squaresOf[at + held] = squares;
    this.#held[level] = held + 1;
    if (held < PER_LEVEL) return;
    if (level === LEVELS_MAX - 1) {
      this.#dropOldest();
      return;
    }
    const pairSum = (this.#sums[at] as number) + (this.#sums[at + 1] as number);
    const pairSquares = (this.#squaresOf[at] as number) + (this.#squaresOf[at + 1] as number);
    this.#shift(level, 2);
    this.#insert(level + 1, pairSum, pairSquares);
  }

  #shift(level: number, by: number): void {
    const at = level * SLOTS;
    const held = this.#held[level] as number;
    this.#sums.copyWithin(at, at + by, at + held);
    this.#squaresOf.copyWithin(at, at + by, at + held);
    this.#held[level] = held - by;
  }

  #dropOldest(): void {
    let level = LEVELS_MAX - 1;
    while (this.#held[level] === 0) level--;
    this.width -= 2 ** level;
    this.#sum -= this.#sums[level * SLOTS] as number;
    this.#squares -= this.#squaresOf[level * SLOTS] as number;
    this.#shift(level, 1);
  }

  /** Whether at some border between buckets the means before and behind differ by more than ε of theorem 3.2's practical form. */
  #differs(): boolean {
    const { halfMin, delta } = this.config;
    const { width } = this;
    if (width < 2 * halfMin) return false;
    const mean = this.#sum / width;
    const variance = Math.max(0, this.#squares / width - mean * mean);
    const doubt = Math.log((2 * Math.log(width)) / delta);
    let [before, sum] = [0, 0];
    for (let level = LEVELS_MAX - 1; level >= 0; level--) {
      const size = 2 ** level;
      for (let i = 0; i < (this.#held[level] as number); i++) {
        before += size;
        sum += this.#sums[level * SLOTS + i] as number;
        const behind = width - before;
        if (before < halfMin) continue;
        if (behind < halfMin) return false;
        const harmonic = 1 / before + 1 / behind;
        const bound = Math.sqrt(2 * harmonic * variance * doubt) + (2 / 3) * harmonic * doubt;
        if (Math.abs(sum / before - (this.#sum - sum) / behind) > bound) return true;
      }
    }
    return false;
  }
}
