import { quantileOfSorted } from "./sorted.ts";

/** How alike the connections of a pair are in bytes. */
export interface SizeRange {
  /** Share of the three most frequent sizes, 0 … 1. */
  readonly sameShare: number;
  /** ln of the 80 % over the 20 % quantile. */
  readonly spread: number;
}

/** Measures the bytes of at least one connection. */
export function measureSizes(bytes: ArrayLike<number>): SizeRange {
  const counts = new Map<number, number>();
  for (let i = 0; i < bytes.length; i++) counts.set(bytes[i] as number, (counts.get(bytes[i] as number) ?? 0) + 1);
  const most = [...counts.values()].toSorted((a, b) => b - a).slice(0, 3);
  const sorted = Float64Array.from(bytes).toSorted();
  return {
    sameShare: most.reduce((sum, count) => sum + count, 0) / bytes.length,
    spread: Math.log((quantileOfSorted(sorted, 0.8) + 1) / (quantileOfSorted(sorted, 0.2) + 1)),
  };
}
