/** No distance is farther: what stands beside a spread of 0 is as far as this, and JSON can say it. */
export const DISTANCE_MAX = 1000;

/** How many spreads a value is away from where it should be; 0 when it is there, at most ±DISTANCE_MAX. */
export function distance(off: number, spread: number): number {
  if (off === 0) return 0;
  return Math.max(-DISTANCE_MAX, Math.min(DISTANCE_MAX, off / spread));
}

const MEDIAN_TO_NORMAL = 0.6745;
const MEAN_TO_NORMAL = 0.7979;

/**
 * The robust z-score of Iglewicz and Hoaglin (1993): 0.6745·(x − median)/MAD; beyond ±3.5 a value is an outlier. Where
 * more than half of the values are equal the MAD is 0 and the mean distance takes its place, 0.7979·(x − median)/mean.
 */
export function robustDistance(value: number, median: number, medianDistance: number, meanDistance: number): number {
  const off = value - median;
  return medianDistance > 0 ? distance(MEDIAN_TO_NORMAL * off, medianDistance) : distance(MEAN_TO_NORMAL * off, meanDistance);
}
