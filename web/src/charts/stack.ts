import type { Window } from "#web/state/series.ts";

/** Columns for a stacked chart: the running sum of the parts, bottom first, as uPlot's data behind the times. */
export function stacked(window: Window): Float64Array[] {
  const sums: Float64Array[] = [];
  let below: Float64Array | undefined;
  for (const part of window.parts) {
    const sum: Float64Array = part.values.slice();
    if (below !== undefined) for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (below[i] as number);
    sums.push(sum);
    below = sum;
  }
  return sums;
}

/** Largest value; 0 for none. */
export function peak(values: Float64Array): number {
  let most = 0;
  for (const value of values) if (value > most) most = value;
  return most;
}
