import { type Distribution, quantileShares } from "#engine/bots/people.ts";

/**
 * A distribution from a sample: quantiles, and beyond the first and last of them a generalised Pareto tail by
 * probability-weighted moments (Hosking and Wallis, Technometrics 29, 1987). Shapes are kept in 0…0.5: a tail that ends
 * would call the next odd person impossible.
 */
export function fitDistribution(values: readonly number[]): Distribution {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => {
    const place = share * (sorted.length - 1);
    const low = sorted[Math.floor(place)] as number;
    return low + ((sorted[Math.ceil(place)] as number) - low) * (place - Math.floor(place));
  };
  const quantiles = quantileShares.map((share) => rounded(at(share)));
  const [first, last] = [quantiles[0] as number, quantiles[quantiles.length - 1] as number];
  const below = sorted.filter((value) => value < first).map((value) => first - value);
  const above = sorted.filter((value) => value > last).map((value) => value - last);
  const spread = Math.max(1e-3, (last - first) / 50);
  return { quantiles, low: fitTail(below, spread), high: fitTail(above, spread) };
}

/** Shape and scale of the excesses; the scale is at least `scaleMin`, so that ties leave no cliff. */
export function fitTail(excesses: readonly number[], scaleMin: number): readonly [number, number] {
  const sorted = excesses.toSorted((a, b) => a - b);
  const n = sorted.length;
  if (n < 10) return [0, scaleMin];
  let [b0, b1] = [0, 0];
  sorted.forEach((value, i) => {
    b0 += value / n;
    b1 += (value * (n - 1 - i)) / (n - 1) / n;
  });
  const shape = Math.min(0.5, Math.max(0, 2 - b0 / (b0 - 2 * b1)));
  return [rounded(shape), rounded(Math.max(scaleMin, b0 * (1 - shape)))];
}

const rounded = (value: number): number => Number(value.toPrecision(5));
