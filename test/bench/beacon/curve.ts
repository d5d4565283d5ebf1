/** The chance that a positive scores above a negative, ties counting half (Mann and Whitney). */
export function areaUnderCurve(positives: readonly number[], negatives: readonly number[]): number {
  const all = [...positives.map((score) => ({ score, positive: true })), ...negatives.map((score) => ({ score, positive: false }))];
  all.sort((a, b) => a.score - b.score);
  let below = 0;
  let wins = 0;
  for (let i = 0; i < all.length; ) {
    let same = i;
    let positive = 0;
    for (; same < all.length && all[same]?.score === all[i]?.score; same++) positive += all[same]?.positive === true ? 1 : 0;
    const negative = same - i - positive;
    wins += positive * (below + negative / 2);
    below += negative;
    i = same;
  }
  return wins / (positives.length * negatives.length);
}

/** The share of the positives above the score that only the given share of the negatives exceeds. */
export function shareAbove(positives: readonly number[], negatives: readonly number[], falseShare: number): number {
  const sorted = [...negatives].toSorted((a, b) => b - a);
  const limit = sorted[Math.floor(falseShare * sorted.length)] ?? 0;
  return positives.filter((score) => score > limit).length / positives.length;
}
