import { medianDeviation, medianOfSorted, quartilesOfSorted } from "./sorted.ts";

/**
 * The beacon score of RITA v5 (Active Countermeasures), from its published formulas, so that results can be compared.
 * Four parts in [0, 1] (evenness of the gaps, of the sizes, length, evenness over the hours) are summed with weights.
 * It sorts the gaps, so it cannot see their order; `judgeBeacon` does. What cannot be scored is `undefined`.
 */
export interface RitaParts {
  readonly gaps: number;
  readonly sizes: number;
  readonly duration: number;
  readonly histogram: number;
}

const connectionsMin = 4;
const gapsMin = 3;
/** An interquartile range below this many units says nothing of skewness. */
const quartileRangeMin = 10;

/** The weighted sum of the parts; undefined when a part or a weight is negative or the weights sum to more than one. */
export function ritaScore(parts: RitaParts, weights: RitaParts = evenWeights): number | undefined {
  const names = ["gaps", "sizes", "duration", "histogram"] as const;
  let sum = 0;
  let weight = 0;
  for (const name of names) {
    if (parts[name] < 0 || weights[name] < 0) return undefined;
    sum += parts[name] * weights[name];
    weight += weights[name];
  }
  return weight > 1 + 1e-9 ? undefined : round(sum);
}
const evenWeights: RitaParts = { gaps: 0.25, sizes: 0.25, duration: 0.25, histogram: 0.25 };

/** Evenness of the gaps between connections at these ascending times in seconds; gaps of zero do not count. */
export function gapScore(times: ArrayLike<number>): number | undefined {
  if (times.length < connectionsMin) return undefined;
  const gaps: number[] = [];
  for (let i = 1; i < times.length; i++) {
    const gap = (times[i] as number) - (times[i - 1] as number);
    if (gap > 0) gaps.push(gap);
  }
  return gaps.length < gapsMin ? undefined : evenness(gaps, 1);
}

/** Evenness of the bytes that the connections carried. */
export const sizeScore = (bytes: ArrayLike<number>): number | undefined => evenness(bytes, 0);

/** Symmetry and narrowness, half each; `atSmallMedian` is the narrowness when the median is below one unit. */
export function evenness(values: ArrayLike<number>, atSmallMedian: number): number | undefined {
  if (values.length === 0) return undefined;
  const skewness = bowleySkewness(values) ?? 0;
  return (1 - Math.abs(skewness) + narrowness(values, atSmallMedian)) / 2;
}

/** Bowley's skewness in [-1, 1]; zero where the quartiles are too close to say; undefined for fewer than three values. */
export function bowleySkewness(values: ArrayLike<number>): number | undefined {
  if (values.length < 3) return undefined;
  const [first, second, third] = quartilesOfSorted(Float64Array.from(values).toSorted());
  if (third - first < quartileRangeMin || second === first || second === third) return 0;
  return (first + third - 2 * second) / (third - first);
}

function narrowness(values: ArrayLike<number>, atSmallMedian: number): number {
  const sorted = Float64Array.from(values).toSorted();
  const median = medianOfSorted(sorted);
  return median < 1 ? atSmallMedian : Math.max(0, (median - medianDeviation(sorted)) / median);
}

/** When the whole data set and this pair begin and end, in seconds, and what the hourly bars of the pair look like. */
export interface RitaSpan {
  readonly datasetFrom: number;
  readonly datasetTo: number;
  readonly from: number;
  readonly to: number;
  readonly bars: number;
  readonly longestRun: number;
}

/** The larger of coverage of the data set and unbroken hours out of the ideal ones; nothing below `barsMin` bars. */
export function durationScore(span: RitaSpan, barsMin = 6, idealHours = 12): number | undefined {
  if (barsMin < 1 || idealHours < 1 || span.datasetFrom >= span.datasetTo || span.from > span.to) return undefined;
  if (span.bars < barsMin) return 0;
  const coverage = Math.ceil(((span.to - span.from) / (span.datasetTo - span.datasetFrom)) * 1000) / 1000;
  return Math.min(1, Math.max(coverage, span.longestRun / idealHours));
}

/** How many connections fell into each of equal bins; the last bin includes its end. */
export interface Bars {
  readonly counts: readonly number[];
  /** Bins that hold something. */
  readonly bars: number;
  /** Most neighbouring bins that hold something, the last being the first's neighbour. */
  readonly longestRun: number;
  /** How many bars are of about the same height: lower limit of the height → bars. */
  readonly heights: ReadonlyMap<number, number>;
}

/** The `bins + 1` edges of equal bins; undefined when the range is empty. */
export function binEdges(from: number, to: number, bins: number): readonly number[] | undefined {
  if (to <= from || bins < 1) return undefined;
  return Array.from({ length: bins + 1 }, (_, i) => (i === bins ? to : from + ((to - from) / bins) * i));
}

/** Heights within this share of the highest bar are one height. */
export const heightTolerance = 0.05;

/** Counts times, in any order, between edges; undefined without times. Times outside of the edges are left out. */
export function countBars(times: ArrayLike<number>, edges: readonly number[], tolerance = heightTolerance): Bars | undefined {
  if (times.length === 0 || edges.length < 2) return undefined;
  const counts = Array.from({ length: edges.length - 1 }, () => 0);
  const first = edges[0] as number;
  const last = edges[edges.length - 1] as number;
  for (let i = 0; i < times.length; i++) {
    const time = times[i] as number;
    if (time < first || time > last) continue;
    let bin = 0;
    while (bin < counts.length - 1 && time >= (edges[bin + 1] as number)) bin++;
    counts[bin] = (counts[bin] as number) + 1;
  }
  return describeBars(counts, tolerance);
}

/** The bars of counted bins; undefined without bins. */
export function describeBars(counts: readonly number[], tolerance = heightTolerance): Bars | undefined {
  if (counts.length === 0) return undefined;
  const step = Math.max(1, Math.ceil(Math.max(...counts) * tolerance));
  const heights = new Map<number, number>();
  for (const count of counts) {
    if (count === 0) continue;
    const height = Math.floor(count / step) * step;
    heights.set(height, (heights.get(height) ?? 0) + 1);
  }
  const bars = counts.filter((count) => count > 0).length;
  return { counts, bars, longestRun: longestRun(counts), heights };
}

function longestRun(counts: readonly number[]): number {
  let run = 0;
  let longest = 0;
  for (let i = 0; i < 2 * counts.length; i++) {
    run = (counts[i % counts.length] as number) > 0 ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return Math.min(longest, counts.length);
}

/** The better of evenness and fit to two heights, over bins between the two ends. */
export function histogramScore(times: ArrayLike<number>, from: number, to: number, bins = 24, barsMin = 11): number | undefined {
  const edges = binEdges(from, to, bins);
  const bars = edges === undefined ? undefined : countBars(times, edges);
  if (bars === undefined) return undefined;
  return Math.max(variationScore(bars.counts) ?? 0, twoHeightScore(bars.heights, bars.bars, barsMin) ?? 0);
}

/** One less the coefficient of variation, at least zero; undefined when nothing was counted. */
export function variationScore(counts: readonly number[]): number | undefined {
  const sum = counts.reduce((total, count) => total + count, 0);
  if (sum === 0) return undefined;
  const mean = sum / counts.length;
  const variance = counts.reduce((total, count) => total + (count - mean) ** 2, 0) / counts.length;
  return Math.max(0, 1 - Math.sqrt(variance) / mean);
}

/** The share of the bars that have one of the two most frequent heights, one bar being allowed to stand out. */
export function twoHeightScore(heights: ReadonlyMap<number, number>, bars: number, barsMin = 11, outliers = 1): number | undefined {
  if (bars <= 0) return undefined;
  if (bars < barsMin) return 0;
  const [most = 0, next = 0] = [...heights.values()].toSorted((a, b) => b - a);
  return Math.min(1, (most + next) / Math.max(bars - outliers, 1));
}

/** The whole score of one pair of hosts inside a data set; undefined below four connections or three gaps above zero. */
export function ritaBeacon(
  times: ArrayLike<number>,
  bytes: ArrayLike<number>,
  datasetFrom: number,
  datasetTo: number,
): { readonly score: number; readonly parts: RitaParts } | undefined {
  const gaps = gapScore(times);
  const sizes = sizeScore(bytes);
  const edges = binEdges(datasetFrom, datasetTo, 24);
  const bars = edges === undefined ? undefined : countBars(times, edges);
  if (gaps === undefined || sizes === undefined || bars === undefined) return undefined;
  const from = times[0] as number;
  const to = times[times.length - 1] as number;
  const duration = durationScore({ datasetFrom, datasetTo, from, to, bars: bars.bars, longestRun: bars.longestRun }) ?? 0;
  const histogram = histogramScore(times, datasetFrom, datasetTo) ?? 0;
  const parts: RitaParts = { gaps, sizes, duration, histogram };
  const score = ritaScore(parts);
  return score === undefined ? undefined : { score, parts };
}

const round = (value: number): number => Math.round(value * 1000) / 1000;
