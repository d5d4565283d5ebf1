import { dip } from "./dip.ts";

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
const none = new Uint16Array(responseBins);

/** Upper edges of the bins of answers, ms: ten of 10 ms, then twenty that share the rest. */
export const responseEdges = (limits: ConditionalLimits): number[] =>
  Array.from({ length: responseBins }, (_, bin) => {
    const fast = limits.fastResponseSeconds * 1000;
    return bin < 10 ? ((bin + 1) * fast) / 10 : fast + ((bin - 9) * (limits.responseSecondsMax * 1000 - fast)) / 20;
  });

/** Constant memory per player; three independent questions. */
export class Conditional {
  readonly #limits: ConditionalLimits;
  #responses = none;
  /** Pace and round trip of each window; made when somebody measures round trips. */
  #delays: Float32Array | undefined;
  #windows = 0;
  #windowStart = 0;
  #windowActions = 0;
  #windowDelay = 0;
  #windowDelays = 0;
  #stimulus = 0;
  #lastSeen = 0;
  #awakeSince = 0;
  responses = 0;

  constructor(limits: ConditionalLimits) {
    this.#limits = limits;
  }

  /** Something happened that a player may answer; an answer is measured from the latest before it. */
  stimulus(time: number): void {
    this.#stimulus = time;
  }

  roundTrip(roundTrip: number): void {
    this.#windowDelay += roundTrip;
    this.#windowDelays += 1;
  }

  action(time: number): void {
    if (this.#stimulus > 0) this.#answer((time - this.#stimulus) / 1e6);
    this.#stimulus = 0;
    if (this.#lastSeen === 0 || time - this.#lastSeen > this.#limits.dutyPauseSeconds * 1e6) this.#awakeSince = time;
    this.#lastSeen = time;
    if (this.#windowStart === 0) this.#windowStart = time;
    if (time - this.#windowStart >= this.#limits.delayWindowSeconds * 1e6) this.#closeWindow(time);
    this.#windowActions += 1;
  }

  /** Back after an absence: what was open when the player left is never answered. How long it was away still tells of sleep. */
  returns(): void {
    this.#stimulus = 0;
    this.#windowStart = 0;
    this.#windowActions = 0;
    this.#windowDelay = 0;
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
    if (this.#responses === none) this.#responses = new Uint16Array(responseBins);
    this.#responses[at] = (this.#responses[at] as number) + 1;
    this.responses += 1;
    if (this.responses < 1000) return;
    this.responses = 0;
    for (let i = 0; i < responseBins; i++) {
      this.#responses[i] = (this.#responses[i] as number) >> 1;
      this.responses += this.#responses[i] as number;
    }
  }

  #closeWindow(time: number): void {
    const seconds = (time - this.#windowStart) / 1e6;
    if (this.#windowDelays > 0 && seconds < this.#limits.delayWindowSeconds * 3) {
      const at = (this.#windows % delayWindows) * 2;
      this.#delays ??= new Float32Array(delayWindows * 2);
      this.#delays[at] = this.#windowActions / seconds;
      this.#delays[at + 1] = this.#windowDelay / this.#windowDelays;
      this.#windows += 1;
    }
    this.#windowStart = time;
    this.#windowActions = 0;
    this.#windowDelay = 0;
    this.#windowDelays = 0;
  }

  get histogram(): readonly number[] {
    return [...this.#responses];
  }

  /** Share of answers that came too fast for people; `undefined` below the least number of answers. */
  get fastShare(): number | undefined {
    if (this.responses < this.#limits.responsesMin) return undefined;
    let fast = 0;
    for (let i = 0; i < 10; i++) fast += this.#responses[i] as number;
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
    const measured = this.#delays;
    if (n < this.#limits.delayWindowsMin || measured === undefined) return undefined;
    const paces = Array.from({ length: n }, (_, i) => measured[i * 2] as number);
    const delays = Array.from({ length: n }, (_, i) => measured[i * 2 + 1] as number);
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
    return (this.#lastSeen - this.#awakeSince) / 3.6e9;
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
