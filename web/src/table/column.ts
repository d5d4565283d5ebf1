import type { ReactNode } from "react";

/** How a table shows one fact of its rows. */
export interface TableColumn<Row> {
  readonly key: string;
  readonly label: string;
  /** For the header's tooltip. */
  readonly meaning?: string;
  /** Least width, pixels. */
  readonly width: number;
  /** Share of the room that is left; 0 when not given. */
  readonly grow?: number;
  readonly align?: "end" | undefined;
  /** When there is no room, columns with the highest rank leave first; those without one stay. */
  readonly rank?: number;
  readonly cell: (row: Row) => ReactNode;
  /** Rows can be ordered by it. */
  readonly value?: ((row: Row) => number | string) | undefined;
}

export interface Order {
  readonly key: string;
  readonly descending: boolean;
}

/** Pixels between two columns, and at both ends of a row; the same as in table.css. */
const GAP = 14;
const MARGIN = 12;

/** The columns that have room in a table of `width` pixels. */
export function fitting<Row>(columns: readonly TableColumn<Row>[], width: number): readonly TableColumn<Row>[] {
  let kept = columns;
  while (widthOf(kept) > width) {
    const worst = Math.max(...kept.map((column) => column.rank ?? 0));
    if (worst <= 0) break;
    const leaving = kept.findLastIndex((column) => column.rank === worst);
    kept = kept.toSpliced(leaving, 1);
  }
  return kept;
}

const widthOf = <Row>(columns: readonly TableColumn<Row>[]): number =>
  columns.reduce((sum, column) => sum + column.width, 2 * MARGIN + GAP * (columns.length - 1));

/** The columns as tracks of a CSS grid. */
export const tracksOf = <Row>(columns: readonly TableColumn<Row>[]): string =>
  columns.map(({ width, grow = 0 }) => (grow === 0 ? `${width}px` : `minmax(${width}px, ${grow}fr)`)).join(" ");

/** A click on a header: first the largest on top for numbers, A to Z for texts; then the other way round. */
export function turned(order: Order | undefined, key: string, sample: number | string | undefined): Order {
  if (order?.key === key) return { key, descending: !order.descending };
  return { key, descending: typeof sample === "number" };
}

/** A sorted copy; rows that are equal stay as they were. */
export function sorted<Row>(rows: readonly Row[], columns: readonly TableColumn<Row>[], order: Order | undefined): readonly Row[] {
  const value = columns.find((column) => column.key === order?.key)?.value;
  if (order === undefined || value === undefined) return rows;
  const sign = order.descending ? -1 : 1;
  const keyed = rows.map((row) => ({ row, value: value(row) }));
  keyed.sort((a, b) => (a.value < b.value ? -sign : a.value > b.value ? sign : 0));
  return keyed.map(({ row }) => row);
}
