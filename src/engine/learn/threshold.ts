import { Random } from "#base/random.ts";
import { type JsonModel, type ModelKind, openJsonModel, toJsonModel } from "./model-file.ts";
import { logNormalTail, normalLimit } from "./normal-tail.ts";
import { fitEndlessTail, fitParetoTail, type ParetoTail, paretoLimit, paretoTail } from "./pareto-tail.ts";

/** What usual traffic scores, learned from its scores: turns a score into a chance, and a chance into a score. */
export interface Calibration {
  /** Takes in the score of something taken to be usual; what is not finite is left out. */
  learn(score: number): void;
  /** The chance that usual traffic scores as high or higher; undefined while too little is known. */
  tail(score: number): number | undefined;
  /** The score that usual traffic exceeds with the chance q; undefined while too little is known for such a q. */
  limit(q: number): number | undefined;
  /** To be kept as JSON; `from` of the class takes it back. */
  state(): JsonModel;
}

/**
 * Peaks over a threshold (SPOT; Siffer et al., KDD 2017): the highest scores follow a generalised Pareto distribution
 * whatever the rest looks like, so chances far below one in the number of examples can be told. The level moves to
 * where it belongs when the scores do, which SPOT leaves to a variant.
 */
export interface PeaksOptions {
  /** Share of the scores that are peaks. */
  readonly peakShare?: number;
  /** Recent scores that the level is chosen from, and least number before anything is told. */
  readonly recentScoresMax?: number;
  /** Latest peaks that are fitted. */
  readonly peaksMax?: number;
  /**
   * Whether a fit may say that the tail ends. Scores that follow each other are alike, so few of them look as if nothing
   * could lie above; unless this is true an exponential tail is the least.
   */
  readonly bounded?: boolean;
}

const peaksDefaults = { peakShare: 0.02, recentScoresMax: 1000, peaksMax: 1000, bounded: false } as const;
/** The tail is fitted again after so many new peaks. */
const peaksPerFit = 32;
/** The level is chosen anew when peaks are so many times rarer or more frequent than they should be. */
const peakShareDrift = 4;
/** Weight of a recent window in the share of peaks once eight windows are known. */
const shareMemoryWindows = 8;

export class PeaksOverThreshold implements Calibration {
  readonly #options: Required<PeaksOptions>;
  readonly #recent: Float64Array;
  #recentAt = 0;
  /** The last whole window, rising. */
  #window: Float64Array;
  #windowPeaks = 0;
  #windows = 0;
  #level = 0;
  #share = 0;
  readonly #peaks: Float64Array;
  #peakCount = 0;
  #unfitted = 0;
  #tail: ParetoTail | undefined;

  constructor(options: PeaksOptions = {}) {
    this.#options = { ...peaksDefaults, ...options };
    this.#recent = new Float64Array(this.#options.recentScoresMax);
    this.#window = new Float64Array(this.#options.recentScoresMax);
    this.#peaks = new Float64Array(this.#options.peaksMax);
  }

  /** SPOT's step: true when the score is above the limit of q, in which case nothing is learned from it. */
  judge(score: number, q = 1e-4): boolean {
    const chance = this.tail(score);
    if (chance !== undefined && chance < q) return true;
    this.learn(score);
    return false;
  }

  learn(score: number): void {
    if (!Number.isFinite(score)) return;
    this.#recent[this.#recentAt++] = score;
    if (this.#tail !== undefined && score > this.#level) this.#addPeak(score);
    if (this.#recentAt === this.#recent.length) this.#endWindow();
  }

  tail(score: number): number | undefined {
    if (this.#tail === undefined) return undefined;
    if (score > this.#level) return this.#share * paretoTail(this.#tail, score - this.#level);
    return 1 - ((1 - this.#share) * firstAtLeast(this.#window, this.#window.length, score)) / this.#window.length;
  }

  limit(q: number): number | undefined {
    if (this.#tail === undefined) return undefined;
    return q < this.#share ? this.#level + paretoLimit(this.#tail, q / this.#share) : this.#level;
  }

  state(): JsonModel {
    return toJsonModel(peaksKind(this.#options), {
      recent: [...this.#recent],
      window: [...this.#window],
      recentAt: this.#recentAt,
      windowPeaks: this.#windowPeaks,
      windows: this.#windows,
      level: this.#level,
      share: this.#share,
      peaks: [...this.#peaks],
      peakCount: this.#peakCount,
      unfitted: this.#unfitted,
      tail: this.#tail ? [this.#tail.shape, this.#tail.scale] : [],
    });
  }

  /** Throws ModelRefused. */
  static from(state: unknown, options: PeaksOptions = {}): PeaksOverThreshold {
    const one = new PeaksOverThreshold(options);
    const body = openJsonModel(state, peaksKind(one.#options));
    one.#recent.set(body.numbers("recent", one.#recent.length));
    one.#window = Float64Array.from(body.numbers("window", one.#window.length)).toSorted();
    one.#recentAt = Math.floor(body.number("recentAt", 0, one.#recent.length - 1));
    one.#windowPeaks = body.number("windowPeaks", 0);
    one.#windows = body.number("windows", 0);
    one.#level = body.number("level");
    one.#share = body.number("share", 0, 1);
    one.#peaks.set(body.numbers("peaks", one.#peaks.length));
    one.#peakCount = Math.floor(body.number("peakCount", 0));
    one.#unfitted = body.number("unfitted", 0);
    const [shape, scale] = body.numbers("tail", 2, true);
    if (shape === undefined || scale === undefined) return one;
    if (!(scale > 0)) body.refuse("the scale of its tail is not above 0");
    one.#tail = { shape, scale };
    return one;
  }

  #addPeak(score: number): void {
    this.#windowPeaks++;
    this.#peaks[this.#peakCount++ % this.#peaks.length] = score - this.#level;
    if (++this.#unfitted >= peaksPerFit) this.#fit();
  }

  #endWindow(): void {
    const wanted = this.#options.peakShare;
    const seen = this.#windowPeaks / this.#recent.length;
    this.#recentAt = 0;
    this.#windowPeaks = 0;
    this.#window = this.#recent.toSorted();
    if (this.#tail === undefined || seen > wanted * peakShareDrift || this.#share < wanted / peakShareDrift) {
      this.#rebase();
      return;
    }
    this.#windows++;
    this.#share += (seen - this.#share) / Math.min(this.#windows, shareMemoryWindows);
  }

  /** Puts the level where the wanted share of the recent scores is above it. */
  #rebase(): void {
    const sorted = this.#window;
    const above = Math.max(4, Math.round(this.#options.peakShare * sorted.length));
    this.#level = sorted[Math.max(0, sorted.length - above - 1)] as number;
    const peaks = sorted.subarray(sorted.findIndex((score) => score > this.#level)).slice(-above);
    this.#peakCount = 0;
    for (const score of peaks) if (score > this.#level) this.#peaks[this.#peakCount++ % this.#peaks.length] = score - this.#level;
    this.#share = Math.max(this.#peakCount, 1) / sorted.length;
    this.#windows = 1;
    this.#fit();
  }

  #fit(): void {
    this.#unfitted = 0;
    const peaks = this.#peaks.subarray(0, Math.min(this.#peakCount, this.#peaks.length)).toSorted();
    this.#tail = this.#options.bounded ? fitParetoTail(peaks) : fitEndlessTail(peaks);
  }
}

const peaksKind = (parameters: Required<PeaksOptions>): ModelKind => ({
  kind: "peaks-over-threshold",
  version: 1,
  parameters: { ...parameters },
});

/**
 * Conformal p-values (Vovk et al., 2005): (1 + scores as high) / (1 + scores) of a sample of usual traffic. If the next
 * score is drawn like the sample's, the chance of a p-value of at most q is at most q, without any assumption about
 * what the scores look like. Tells nothing below 1 / (1 + sample).
 */
export interface ConformalOptions {
  /** Scores that are kept: a uniform sample of all so far. */
  readonly sampleScoresMax?: number;
  readonly seed?: number;
}

const conformalDefaults = { sampleScoresMax: 2000, seed: 1 } as const;

export class ConformalCalibration implements Calibration {
  readonly #options: Required<ConformalOptions>;
  /** Rising. */
  readonly #sample: Float64Array;
  #count = 0;
  #seen = 0;

  constructor(options: ConformalOptions = {}) {
    this.#options = { ...conformalDefaults, ...options };
    this.#sample = new Float64Array(this.#options.sampleScoresMax);
  }

  learn(score: number): void {
    if (!Number.isFinite(score)) return;
    this.#seen++;
    if (this.#count === this.#sample.length) {
      // The draw depends on the seed and the number of the score only, so that a restored sample goes on alike.
      const draw = new Random(this.#options.seed + this.#seen).between(0, this.#seen);
      if (draw >= this.#count) return;
      this.#sample.copyWithin(draw, draw + 1, this.#count--);
    }
    const at = firstAtLeast(this.#sample, this.#count, score);
    this.#sample.copyWithin(at + 1, at, this.#count++);
    this.#sample[at] = score;
  }

  tail(score: number): number | undefined {
    return this.#count === 0 ? undefined : (1 + this.#count - firstAtLeast(this.#sample, this.#count, score)) / (1 + this.#count);
  }

  limit(q: number): number | undefined {
    const above = Math.floor(q * (1 + this.#count)) - 1;
    if (above < 0 || this.#count === 0) return undefined;
    return above >= this.#count ? Number.NEGATIVE_INFINITY : this.#sample[this.#count - 1 - above];
  }

  state(): JsonModel {
    return toJsonModel(conformalKind(this.#options), { seen: this.#seen, sample: [...this.#sample.subarray(0, this.#count)] });
  }

  /** Throws ModelRefused. */
  static from(state: unknown, options: ConformalOptions = {}): ConformalCalibration {
    const one = new ConformalCalibration(options);
    const body = openJsonModel(state, conformalKind(one.#options));
    const sample = body.numbers("sample", one.#sample.length, true).toSorted((a, b) => a - b);
    one.#sample.set(sample);
    one.#count = sample.length;
    one.#seen = Math.floor(body.number("seen", sample.length, Number.MAX_SAFE_INTEGER));
    return one;
  }
}

const conformalKind = (parameters: Required<ConformalOptions>): ModelKind => ({
  kind: "conformal-calibration",
  version: 1,
  parameters: { ...parameters },
});

/** Logarithms of the scores as a normal distribution, as in the demonstration that comes with Kitsune. */
export class LognormalCalibration implements Calibration {
  #count = 0;
  #mean = 0;
  #squares = 0;

  learn(score: number): void {
    if (!Number.isFinite(score)) return;
    const x = Math.log(Math.max(score, lognormalScoreMin));
    this.#count++;
    const before = x - this.#mean;
    this.#mean += before / this.#count;
    this.#squares += before * (x - this.#mean);
  }

  tail(score: number): number | undefined {
    const logarithm = this.logTail(score);
    return logarithm === undefined ? undefined : Math.exp(logarithm);
  }

  /** Natural logarithm of the tail, which tells apart scores whose chance is too small for a number. */
  logTail(score: number): number | undefined {
    if (this.#count < lognormalScoresMin) return undefined;
    return logNormalTail((Math.log(Math.max(score, lognormalScoreMin)) - this.#mean) / this.#deviation());
  }

  limit(q: number): number | undefined {
    return this.#count < lognormalScoresMin ? undefined : Math.exp(this.#mean + this.#deviation() * normalLimit(q));
  }

  state(): JsonModel {
    return toJsonModel(lognormalKind, { count: this.#count, mean: this.#mean, squares: this.#squares });
  }

  /** Throws ModelRefused. */
  static from(state: unknown): LognormalCalibration {
    const one = new LognormalCalibration();
    const body = openJsonModel(state, lognormalKind);
    one.#count = Math.floor(body.number("count", 0, Number.MAX_SAFE_INTEGER));
    one.#mean = body.number("mean");
    one.#squares = body.number("squares", 0);
    return one;
  }

  #deviation(): number {
    return Math.max(Math.sqrt(this.#squares / (this.#count - 1)), 1e-12);
  }
}

const lognormalKind: ModelKind = { kind: "lognormal-calibration", version: 1, parameters: {} };
const lognormalScoresMin = 30;
/** Scores of nought have no logarithm. */
const lognormalScoreMin = 1e-300;

/** Where the first of the `count` rising numbers stands that is at least `score`. */
function firstAtLeast(rising: Float64Array, count: number, score: number): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rising[middle] as number) < score) low = middle + 1;
    else high = middle;
  }
  return low;
}
