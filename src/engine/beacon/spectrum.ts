import { Random } from "#base/random.ts";
import { transform } from "./fourier.ts";
import { medianOfSorted } from "./sorted.ts";

/**
 * A period that stands out of the spectrum of the events and that their autocorrelation confirms (the two steps of
 * BAYWATCH, Hu et al., DSN 2016). What a peak must exceed is found by shuffling the bins: shuffled, the same counts have
 * the same spread and no order. Cost: about `shuffles + 2` transforms of at most 16,384 bins, 20 ms.
 */
export interface Period {
  readonly seconds: number;
  /** Power of the peak over what shuffled events reach; above one. */
  readonly prominence: number;
  /** Autocorrelation at the period, -1 … 1. */
  readonly correlation: number;
}

const shuffles = 12;
const binsMax = 16_384;
const binsMin = 512;
const candidatesMax = 24;
/** Fewer repetitions than these inside the span prove nothing. */
const repetitionsMin = 5;
const correlationMin = 0.08;

/** The strongest confirmed period of ascending times in seconds, if there is one. */
export function findPeriod(times: ArrayLike<number>, seed = 1): Period | undefined {
  const span = (times[times.length - 1] as number) - (times[0] as number);
  if (times.length < 2 * repetitionsMin || span <= 0) return undefined;
  const counts = countBins(times, span);
  const width = span / counts.length;
  const power = powerOf(counts);
  const threshold = shuffledPeak(counts, new Random(seed));
  const correlations = correlationOf(counts);
  let best: Period | undefined;
  for (const peak of peaksAbove(power, threshold)) {
    const lag = hill(correlations, counts.length / peak);
    if (lag === undefined) continue;
    const found = { seconds: lag * width, prominence: (power[peak] as number) / threshold, correlation: correlations[lag] as number };
    if (best === undefined || found.correlation > best.correlation * 1.05) best = found;
  }
  return best === undefined ? undefined : { ...best, seconds: refine(times, best.seconds) };
}

/** The median of the gaps that are about a whole number of periods, each divided by that number: finer than the bins. */
function refine(times: ArrayLike<number>, seconds: number): number {
  const folded: number[] = [];
  for (let i = 1; i < times.length; i++) {
    const beats = ((times[i] as number) - (times[i - 1] as number)) / seconds;
    if (beats >= 0.75 && Math.abs(beats - Math.round(beats)) < 0.25) folded.push((beats * seconds) / Math.round(beats));
  }
  return folded.length < repetitionsMin ? seconds : medianOfSorted(folded.toSorted((a, b) => a - b));
}

/** At least four bins per mean gap; a bin counts once, so that a burst is one event. */
function countBins(times: ArrayLike<number>, span: number): Float64Array {
  let bins = binsMin;
  while (bins < 4 * times.length && bins < binsMax) bins *= 2;
  const counts = new Float64Array(bins);
  const first = times[0] as number;
  for (let i = 0; i < times.length; i++) counts[Math.min(bins - 1, Math.floor((((times[i] as number) - first) / span) * bins))] = 1;
  const mean = counts.reduce((sum, count) => sum + count, 0) / bins;
  for (let i = 0; i < bins; i++) counts[i] = (counts[i] as number) - mean;
  return counts;
}

function powerOf(counts: Float64Array): Float64Array {
  const real = counts.slice();
  const imaginary = new Float64Array(counts.length);
  transform(real, imaginary);
  return Float64Array.from({ length: counts.length / 2 }, (_, k) => (real[k] as number) ** 2 + (imaginary[k] as number) ** 2);
}

function shuffledPeak(counts: Float64Array, random: Random): number {
  const shuffled = counts.slice();
  let highest = 0;
  for (let round = 0; round < shuffles; round++) {
    for (let i = shuffled.length - 1; i > 0; i--) {
      const j = random.between(0, i + 1);
      const kept = shuffled[i] as number;
      shuffled[i] = shuffled[j] as number;
      shuffled[j] = kept;
    }
    highest = powerOf(shuffled).reduce((most, value) => Math.max(most, value), highest);
  }
  return highest;
}

/** Correlation by Wiener and Khinchin, the counts padded with zeros so that the end does not meet the start. */
function correlationOf(counts: Float64Array): Float64Array {
  const n = counts.length;
  const real = new Float64Array(2 * n);
  real.set(counts);
  const imaginary = new Float64Array(2 * n);
  transform(real, imaginary);
  for (let i = 0; i < 2 * n; i++) {
    real[i] = (real[i] as number) ** 2 + (imaginary[i] as number) ** 2;
    imaginary[i] = 0;
  }
  transform(real, imaginary);
  const all = (real[0] as number) / n || 1;
  return Float64Array.from({ length: n / 2 }, (_, lag) => (real[lag] as number) / (all * (n - lag)));
}

function peaksAbove(power: Float64Array, threshold: number): readonly number[] {
  const peaks: number[] = [];
  for (let k = repetitionsMin; k < power.length - 1; k++) {
    const here = power[k] as number;
    if (here > threshold && here >= (power[k - 1] as number) && here >= (power[k + 1] as number)) peaks.push(k);
  }
  return peaks.toSorted((a, b) => (power[b] as number) - (power[a] as number)).slice(0, candidatesMax);
}

/** The top of a hill of the autocorrelation near a lag; undefined where the lag lies on a slope or the hill is flat. */
function hill(correlations: Float64Array, lag: number): number | undefined {
  const reach = Math.max(1, Math.round(lag * 0.15));
  const centre = Math.round(lag);
  if (centre - reach < 1 || centre + reach >= correlations.length) return undefined;
  let top = centre;
  for (let at = centre - reach; at <= centre + reach; at++) if ((correlations[at] as number) > (correlations[top] as number)) top = at;
  const height = correlations[top] as number;
  if (height < correlationMin || (lag > 4 && (top === centre - reach || top === centre + reach))) return undefined;
  return top;
}
