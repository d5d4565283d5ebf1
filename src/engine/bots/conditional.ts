import { dip } from "./dip.ts";
import { PlayerNumbers, pairAt, places, putPair, sections } from "./player-numbers.ts";

/** What a player does given something else: an event of the server, a slower line, the time of day. */

export interface ConditionalLimits {
  /** Longest time from an event of the server to the action that answers it, seconds. */
  readonly responseSecondsMax: number;
  /** Nobody answers faster than this, seconds; what is faster is chance or a program. */
  readonly fastResponseSeconds: number;
  /** Share of answers of people that fall below by chance. */
  readonly fastResponseShare: number;
  readonly responsesMin: number;
  /** Length of the windows in which pace and round trip are compared, seconds. */
  readonly delayWindowSeconds: number;
  readonly delayWindowsMin: number;
  /** Rank correlation of pace and round trip that people are taken to have. */
  readonly delayCorrelation: number;
  /** A pause that counts as sleep, seconds. */
  readonly dutyPauseSeconds: number;
  /** Hours that people play between two such pauses: mean and deviation of a normal distribution. */
  readonly dutyHoursMean: number;
  readonly dutyHoursDeviation: number;
}

const responseBins = 30;
const delayWindows = 24;
// What every player has.
const WINDOW_START = places.conditional;
const WINDOW_DELAY = places.conditional + 1;
const STIMULUS = places.conditional + 2;
const LAST_SEEN = places.conditional + 3;
const AWAKE_SINCE = places.conditional + 4;

/** Upper edges of the bins of answers, ms: ten of 10 ms, then twenty that share the rest. */
export const responseEdges = (limits: ConditionalLimits): number[] =>
  Array.from({ length: responseBins }, (_, bin) => {
    const fast = limits.fastResponseSeconds * 1000;
    return bin < 10 ? ((bin + 1) * fast) / 10 : fast + ((bin - 9) * (limits.responseSecondsMax * 1000 - fast)) / 20;
  });

/** Constant memory per player; three independent questions. */
export class Conditional {
  readonly #limits: ConditionalLimits;
  /** Answers by their bins, and pace and round trip of each window: made when there is something to count. */
  readonly #numbers: PlayerNumbers;
  #windows = 0;
  #windowActions = 0;
  #windowDelays = 0;
  responses = 0;

  constructor(limits: ConditionalLimits, numbers = new PlayerNumbers()) {
    this.#limits = limits;
    this.#numbers = numbers;
  }

  /** Something happened that a player may answer; an answer is measured from the latest before it. */
  stimulus(time: number): void {
    this.#numbers.all[STIMULUS] = time;
  }

  roundTrip(roundTrip: number): void {
    const { all } = this.#numbers;
    all[WINDOW_DELAY] = (all[WINDOW_DELAY] as number) + roundTrip;
    this.#windowDelays += 1;
  }

  action(time: number): void {
    const stimulus = this.#numbers.all[STIMULUS] as number;
    if (stimulus > 0) this.#answer((time - stimulus) / 1e6);
    const { all } = this.#numbers;
    all[STIMULUS] = 0;
    const seen = all[LAST_SEEN] as number;
    if (seen === 0 || time - seen > this.#limits.dutyPauseSeconds * 1e6) all[AWAKE_SINCE] = time;
    all[LAST_SEEN] = time;
    if (all[WINDOW_START] === 0) all[WINDOW_START] = time;
    if (time - (all[WINDOW_START] as number) >= this.#limits.delayWindowSeconds * 1e6) this.#closeWindow(time);
    this.#windowActions += 1;
  }

  /** Back after an absence: what was open when the player left is never answered. How long it was away still tells of sleep. */
  returns(): void {
    const { all } = this.#numbers;
    all[STIMULUS] = 0;
    all[WINDOW_START] = 0;
    all[WINDOW_DELAY] = 0;
    this.#windowActions = 0;
    this.#windowDelays = 0;
  }

  #answer(seconds: number): void {
    const { responseSecondsMax, fastResponseSeconds } = this.#limits;
    if (seconds < 0 || seconds >= responseSecondsMax) return;
    const bin =
      seconds < fastResponseSeconds
        ? Math.floor((seconds / fastResponseSeconds) * 10)
        : 10 + Math.floor(((seconds - fastResponseSeconds) / (responseSecondsMax - fastResponseSeconds)) * 20);
    const at = Math.min(responseBins - 1, bin);
    const from = this.#answers();
    const { all } = this.#numbers;
    all[from + at] = (all[from + at] as number) + 1;
    this.responses += 1;
    if (this.responses < 1000) return;
    this.responses = 0;
    for (let i = from; i < from + responseBins; i++) {
      all[i] = (all[i] as number) >> 1;
      this.responses += all[i] as number;
    }
  }

  #answers(): number {
    return this.#numbers.room(sections.answers) === 0
      ? this.#numbers.grow(sections.answers, responseBins)
      : this.#numbers.from(sections.answers);
  }

  #closeWindow(time: number): void {
    const numbers = this.#numbers;
    const seconds = (time - (numbers.all[WINDOW_START] as number)) / 1e6;
    if (this.#windowDelays > 0 && seconds < this.#limits.delayWindowSeconds * 3) {
      if (numbers.room(sections.delays) === 0) numbers.grow(sections.delays, delayWindows);
      const at = numbers.from(sections.delays) + (this.#windows % delayWindows);
      putPair(numbers.all, at, this.#windowActions / seconds, (numbers.all[WINDOW_DELAY] as number) / this.#windowDelays);
      this.#windows += 1;
    }
    numbers.all[WINDOW_START] = time;
    numbers.all[WINDOW_DELAY] = 0;
    this.#windowActions = 0;
    this.#windowDelays = 0;
  }

  get histogram(): readonly number[] {
    const from = this.#numbers.from(sections.answers);
    const known = this.#numbers.room(sections.answers) > 0;
    return Array.from({ length: responseBins }, (_, bin) => (known ? (this.#numbers.all[from + bin] as number) : 0));
  }

  /** Share of answers that came too fast for people; `undefined` below the least number of answers. */
  get fastShare(): number | undefined {
    if (this.responses < this.#limits.responsesMin) return undefined;
    const from = this.#numbers.from(sections.answers);
    let fast = 0;
    for (let i = from; i < from + 10; i++) fast += this.#numbers.all[i] as number;
    return fast / this.responses;
  }

  /** Chance of as large a fast share when each answer of a person falls below by chance (normal tail of the binomial). */
  get fastRarity(): number | undefined {
    const share = this.fastShare;
    if (share === undefined) return undefined;
    const expected = this.#limits.fastResponseShare;
    return upperTail((share - expected) / Math.sqrt((expected * (1 - expected)) / this.responses));
  }

  /** The dip of the answers' histogram: large when answers come at several fixed delays. */
  get answerDip(): number | undefined {
    return this.responses < this.#limits.responsesMin ? undefined : dip(responseEdges(this.#limits), this.histogram);
  }

  /** Spearman's rank correlation of pace and round trip; `undefined` without enough windows or a line that varies. */
  get delayCorrelation(): number | undefined {
    const n = Math.min(this.#windows, delayWindows);
    if (n < this.#limits.delayWindowsMin || n === 0) return undefined;
    const { all } = this.#numbers;
    const from = this.#numbers.from(sections.delays);
    const paces = Array.from({ length: n }, (_, i) => pairAt(all, from + i)[0] as number);
    const delays = Array.from({ length: n }, (_, i) => pairAt(all, from + i)[1] as number);
    const sorted = delays.toSorted((a, b) => a - b);
    const spread = (sorted[Math.floor(n * 0.9)] as number) - (sorted[Math.floor(n * 0.1)] as number);
    return spread < 0.3 * (sorted[n >> 1] as number) ? undefined : spearman(paces, delays);
  }

  /** How rarely people react as little (Fisher's z around the correlation that people are taken to have). */
  get delayRarity(): number | undefined {
    const correlation = this.delayCorrelation;
    if (correlation === undefined) return undefined;
    const n = Math.min(this.#windows, delayWindows);
    const z = Math.atanh(Math.max(-0.999, Math.min(0.999, correlation))) - Math.atanh(this.#limits.delayCorrelation);
    return upperTail(z * Math.sqrt((n - 3) / 1.06));
  }

  /** Hours since the last pause that counts as sleep. */
  get awakeHours(): number {
    const { all } = this.#numbers;
    return ((all[LAST_SEEN] as number) - (all[AWAKE_SINCE] as number)) / 3.6e9;
  }

  get awakeRarity(): number {
    return upperTail((this.awakeHours - this.#limits.dutyHoursMean) / this.#limits.dutyHoursDeviation);
  }
}

/** Rank correlation with mean ranks for ties (Spearman, 1904). */
export function spearman(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [ranks(a), ranks(b)];
  const mean = (a.length - 1) / 2;
  let [xy, xx, yy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const [dx, dy] = [(x[i] as number) - mean, (y[i] as number) - mean];
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  }
  return xx === 0 || yy === 0 ? 0 : xy / Math.sqrt(xx * yy);
}

function ranks(values: readonly number[]): number[] {
  return values.map((value) => {
    let [below, equal] = [0, 0];
    for (const other of values) {
      if (other < value) below += 1;
      else if (other === value) equal += 1;
    }
    return below + (equal - 1) / 2;
  });
}

/** P(Z ≥ z) of the standard normal distribution (Abramowitz and Stegun 7.1.26, absolute error below 1e-7; Mills' ratio above 4). */
export function upperTail(z: number): number {
  if (z < 0) return 1 - upperTail(-z);
  const density = Math.exp((-z * z) / 2);
  if (z > 4) return density / (z * Math.sqrt(2 * Math.PI)) / (1 + 1 / (z * z));
  const t = 1 / (1 + (0.3275911 * z) / Math.SQRT2);
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return 0.5 * series * density;
}
