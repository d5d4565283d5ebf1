import type { Area } from "#tui/screen/screen.ts";
import { REVERSED, style } from "#tui/screen/style.ts";
import { fill } from "#tui/screen/text.ts";
import { type Column, lookOf, type Placed, place } from "./column.ts";

/**
 * Rows under titles, one of them chosen. The choice stays on its row while rows come and go and change places; at the
 * top, where nobody has chosen yet, it stays at the top.
 */
export class List<Row> {
  readonly #columns: readonly Column<Row>[];
  readonly #idOf: (row: Row) => string | number;
  #rows: readonly Row[] = [];
  #given: readonly Row[] = [];
  #chosen: string | number | undefined;
  #index = 0;
  #top = 0;
  #height = 1;
  /** Number of the column that the rows are ordered by; -1: as they came. */
  #order: number;
  #descending = true;

  /** `orderedBy` is the title of a column; without it rows stand as they come. */
  constructor(columns: readonly Column<Row>[], idOf: (row: Row) => string | number, orderedBy?: string) {
    this.#columns = columns;
    this.#idOf = idOf;
    this.#order = columns.findIndex(({ title }) => title === orderedBy);
  }

  get row(): Row | undefined {
    return this.#rows[this.#index];
  }

  get count(): number {
    return this.#rows.length;
  }

  /** `score ▼`; empty while the rows stand as they came. */
  get orderText(): string {
    const column = this.#columns[this.#order];
    return column === undefined ? "" : `${column.title} ${this.#descending ? "▼" : "▲"}`;
  }

  set(rows: readonly Row[]): void {
    this.#given = rows;
    this.#arrange();
  }

  /** True when the key chose another row or another order. */
  key(name: string): boolean {
    if (name === "s") return this.#nextOrder();
    if (name === "r" && this.#order >= 0) {
      this.#descending = !this.#descending;
      this.#arrange();
      return true;
    }
    const target = this.#target(name);
    if (target === undefined) return false;
    this.#index = Math.max(0, Math.min(target, this.#rows.length - 1));
    this.#chosen = this.#index === 0 ? undefined : this.#idAt(this.#index);
    return true;
  }

  draw(area: Area, empty: string): void {
    const placed = place(this.#columns, area.width);
    this.#drawTitles(area, placed);
    this.#height = Math.max(1, area.height - 1);
    this.#scroll();
    if (this.#rows.length === 0) area.text(0, 1, empty, style.dim);
    for (let y = 0; y < this.#height; y++) {
      const row = this.#rows[this.#top + y];
      if (row !== undefined) drawRow(area, y + 1, placed, row, this.#top + y === this.#index);
    }
  }

  #drawTitles(area: Area, placed: readonly Placed<Row>[]): void {
    for (const { column, x, width } of placed) {
      const isOrder = column === this.#columns[this.#order];
      const title = isOrder ? `${column.title.slice(0, width - 1)}${this.#descending ? "▼" : "▲"}` : column.title;
      area.text(x, 0, fill(title, width, column.right), isOrder ? style.strong : style.dim);
    }
  }

  #target(name: string): number | undefined {
    const targets: { readonly [key: string]: number } = {
      up: this.#index - 1,
      k: this.#index - 1,
      down: this.#index + 1,
      j: this.#index + 1,
      "page-up": this.#index - this.#height,
      "page-down": this.#index + this.#height,
      home: 0,
      g: 0,
      end: this.#rows.length - 1,
      G: this.#rows.length - 1,
    };
    return targets[name];
  }

  /** The next column that orders, and behind the last one the rows as they came. */
  #nextOrder(): boolean {
    do this.#order++;
    while (this.#order < this.#columns.length && this.#columns[this.#order]?.order === undefined);
    if (this.#order >= this.#columns.length) this.#order = -1;
    this.#descending = this.#columns[this.#order]?.right === true;
    this.#arrange();
    return true;
  }

  #arrange(): void {
    const order = this.#columns[this.#order]?.order;
    this.#rows =
      order === undefined ? this.#given : this.#given.toSorted((a, b) => compare(order(a), order(b)) * (this.#descending ? -1 : 1));
    const found = this.#chosen === undefined ? -1 : this.#rows.findIndex((row) => this.#idOf(row) === this.#chosen);
    if (found >= 0) this.#index = found;
    else {
      this.#index = this.#chosen === undefined ? 0 : Math.max(0, Math.min(this.#index, this.#rows.length - 1));
      this.#chosen = this.#index === 0 ? undefined : this.#idAt(this.#index);
    }
  }

  #idAt(index: number): string | number | undefined {
    const row = this.#rows[index];
    return row === undefined ? undefined : this.#idOf(row);
  }

  #scroll(): void {
    const last = Math.max(0, this.#rows.length - this.#height);
    if (this.#index < this.#top) this.#top = this.#index;
    if (this.#index >= this.#top + this.#height) this.#top = this.#index - this.#height + 1;
    this.#top = Math.max(0, Math.min(this.#top, last));
  }
}

function drawRow<Row>(area: Area, y: number, placed: readonly Placed<Row>[], row: Row, chosen: boolean): void {
  if (chosen) area.text(0, y, " ".repeat(area.width), REVERSED);
  for (const { column, x, width } of placed) {
    const look = lookOf(column, row);
    area.text(x, y, fill(column.text(row), width, column.right), chosen ? look + REVERSED : look);
  }
}

function compare(a: number | string, b: number | string): number {
  if (typeof a === "number" && typeof b === "number") return (Number.isNaN(a) ? -1 : a) - (Number.isNaN(b) ? -1 : b);
  const [left, right] = [String(a), String(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}
