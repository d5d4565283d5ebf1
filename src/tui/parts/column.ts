import { type Style, style } from "#tui/screen/style.ts";

/** A column of a list. */
export interface Column<Row> {
  readonly title: string;
  /** Cells that it needs. */
  readonly width: number;
  /** Its share of the cells that are left over; 0 when absent. */
  readonly grow?: number;
  /** Most cells that it can use. */
  readonly most?: number;
  /** Numbers stand at the right, so that their digits can be compared. */
  readonly right?: boolean;
  /** Where there is no room, the columns with the largest number go first; 0, or absent: it stays. */
  readonly spare?: number;
  text(row: Row): string;
  look?(row: Row): Style;
  /** What the list is ordered by; absent where it cannot be. */
  readonly order?: (row: Row) => number | string;
}

/** A column at its place. */
export interface Placed<Row> {
  readonly column: Column<Row>;
  readonly x: number;
  readonly width: number;
}

const gap = 1;

/** The columns that fit into `width` cells, at their places. */
export function place<Row>(columns: readonly Column<Row>[], width: number): readonly Placed<Row>[] {
  const shown = [...columns];
  const needed = (): number => shown.reduce((sum, column) => sum + column.width + gap, -gap);
  while (needed() > width) {
    const spare = Math.max(...shown.map((column) => column.spare ?? 0));
    if (spare === 0) break;
    shown.splice(
      shown.findLastIndex((column) => (column.spare ?? 0) === spare),
      1,
    );
  }
  const widths = shown.map((column) => column.width);
  let left = Math.max(0, width - needed());
  // Shares are given out until nobody can use more.
  while (left > 0) {
    const takers = shown.flatMap((column, i) => ((column.grow ?? 0) > 0 && (widths[i] as number) < (column.most ?? width) ? [i] : []));
    if (takers.length === 0) break;
    const total = takers.reduce((sum, i) => sum + (shown[i]?.grow ?? 0), 0);
    const before = left;
    for (const i of takers) {
      const column = shown[i] as Column<Row>;
      const share = Math.min(
        left,
        Math.max(1, Math.floor((before * (column.grow ?? 0)) / total)),
        (column.most ?? width) - (widths[i] as number),
      );
      widths[i] = (widths[i] as number) + share;
      left -= share;
    }
  }
  let x = 0;
  return shown.map((column, i) => {
    const placed = { column, x, width: Math.max(0, Math.min(widths[i] as number, width - x)) };
    x += (widths[i] as number) + gap;
    return placed;
  });
}

export const lookOf = <Row>(column: Column<Row>, row: Row): Style => column.look?.(row) ?? style.plain;
