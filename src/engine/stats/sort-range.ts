/** Ciura's gaps (2001). */
const GAPS = [701, 301, 132, 57, 23, 10, 4, 1] as const;

/** Sorts a stretch of numbers where it stands (Shell's method): for a few hundred of them, without allocating a view. */
export function sortRange(values: Float64Array, from: number, to: number): void {
  for (const gap of GAPS) {
    for (let i = from + gap; i < to; i++) {
      const value = values[i] as number;
      let at = i;
      for (; at >= from + gap && (values[at - gap] as number) > value; at -= gap) values[at] = values[at - gap] as number;
      values[at] = value;
    }
  }
}
