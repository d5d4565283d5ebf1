/** Order statistics of numbers that are already sorted ascending; all need at least one number. */

/** The middle number, or the mean of the two in the middle. */
export function medianOfSorted(sorted: ArrayLike<number>, from = 0, to = sorted.length): number {
  const middle = from + ((to - from) >> 1);
  const upper = sorted[middle] as number;
  return (to - from) % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}

/** The quantile `q` in [0, 1], interpolated linearly between neighbours (type 7 of Hyndman and Fan, 1996). */
export function quantileOfSorted(sorted: ArrayLike<number>, q: number): number {
  const place = q * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return low + (high - low) * (place - below);
}

/** The median distance from the median. */
export function medianDeviation(sorted: ArrayLike<number>): number {
  const median = medianOfSorted(sorted);
  return medianOfSorted(Float64Array.from(sorted, (value) => Math.abs(value - median)).toSorted());
}

/** Half below and half above the median, which belongs to neither when the count is odd (Moore and McCabe). */
export function quartilesOfSorted(sorted: ArrayLike<number>): readonly [number, number, number] {
  const n = sorted.length;
  const half = n >> 1;
  if (half === 0) return [sorted[0] as number, sorted[0] as number, sorted[0] as number];
  return [medianOfSorted(sorted, 0, half), medianOfSorted(sorted), medianOfSorted(sorted, n - half, n)];
}
