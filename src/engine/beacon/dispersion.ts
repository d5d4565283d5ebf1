import { quantileOfSorted } from "./sorted.ts";

/** How the events of a pair are spread over time; a clock, however jittered, stays close to its mean rate. */
export interface Dispersion {
  readonly meanGap: number;
  readonly medianGap: number;
  /** ln of the gaps' 80 % over 20 % quantile: 0 for a clock, 0.6 at ±50 % jitter, 2 for independent arrivals. */
  readonly spread: number;
  /**
   * The Allan factor: squared difference of the counts in neighbouring windows over twice their mean, as the largest
   * log10 of window lengths from four mean gaps to an eighth of the span. Below 0 for a clock, about 0 for independent
   * arrivals, far above for people, whose activity comes in clumps of all sizes (Lowen and Teich 1996).
   */
  readonly clumping: number;
  /** Share of the time that lies in gaps longer than six mean ones: 2 % for independent arrivals. */
  readonly idle: number;
  /** Share of gaps below a twentieth of the mean one: 5 % for independent arrivals. */
  readonly bursts: number;
  /** Correlation of the ranks of neighbouring gaps: 0 for a beacon, above for people. */
  readonly memory: number;
}

/** Measures ascending times in seconds; at least three. Sorting decides the cost. */
export function measureDispersion(times: ArrayLike<number>): Dispersion {
  const n = times.length - 1;
  const gaps = Float64Array.from({ length: n }, (_, i) => Math.max(0, (times[i + 1] as number) - (times[i] as number)));
  const sorted = gaps.slice().toSorted();
  const span = (times[n] as number) - (times[0] as number);
  const meanGap = span / n;
  const floor = 0.001 * meanGap || 1e-6;
  const long = gaps.reduce((sum, gap) => (gap > 6 * meanGap ? sum + gap : sum), 0);
  return {
    meanGap,
    medianGap: quantileOfSorted(sorted, 0.5),
    spread: Math.log((quantileOfSorted(sorted, 0.8) + floor) / (quantileOfSorted(sorted, 0.2) + floor)),
    clumping: clumping(times, span, meanGap),
    idle: span > 0 ? long / span : 1,
    bursts: gaps.reduce((sum, gap) => (gap < meanGap / 20 ? sum + 1 : sum), 0) / n,
    memory: rankCorrelation(gaps),
  };
}

function clumping(times: ArrayLike<number>, span: number, meanGap: number): number {
  let most = -2;
  for (let windows = 8; span / windows >= 4 * meanGap; windows *= 2)
    most = Math.max(most, Math.log10(Math.max(0.01, allanFactor(times, span, windows))));
  return most;
}

function allanFactor(times: ArrayLike<number>, span: number, windows: number): number {
  const counts = new Float64Array(windows);
  const first = times[0] as number;
  for (let i = 0; i < times.length; i++) {
    const window = Math.min(windows - 1, Math.floor((((times[i] as number) - first) / span) * windows));
    counts[window] = (counts[window] as number) + 1;
  }
  let squares = 0;
  for (let i = 1; i < windows; i++) squares += ((counts[i] as number) - (counts[i - 1] as number)) ** 2;
  return squares / (windows - 1) / (2 * (times.length / windows));
}

/** Spearman's correlation of each gap with the next; equal gaps rank by their place, which decides nothing. */
function rankCorrelation(gaps: Float64Array): number {
  const n = gaps.length;
  if (n < 8) return 0;
  const order = Array.from(gaps.keys()).toSorted((a, b) => (gaps[a] as number) - (gaps[b] as number) || a - b);
  const ranks = new Float64Array(n);
  for (let i = 0; i < n; ) {
    let same = i;
    while (same < n && gaps[order[same] as number] === gaps[order[i] as number]) same++;
    for (let j = i; j < same; j++) ranks[order[j] as number] = (i + same - 1) / 2 - (n - 1) / 2;
    i = same;
  }
  let product = 0;
  let square = 0;
  for (let i = 0; i < n; i++) {
    square += (ranks[i] as number) ** 2;
    if (i > 0) product += (ranks[i] as number) * (ranks[i - 1] as number);
  }
  return square === 0 ? 0 : product / square;
}
