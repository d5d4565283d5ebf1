import { assert } from "#base/assert.ts";
import { restoreCells, type Saved } from "./saved.ts";

const CELLS = 3;
const [MEAN, VARIANCE, COUNT] = [0, 1, 2];

/**
 * Mean and variance that forget: a value's weight falls by 1 − λ with every later one, so λ = 2/(n + 1) has the memory of
 * a window of n. Incremental form of West (CACM 22(9), 1979). Rows are independent: one per host, 24 bytes each.
 */
export class Ewma {
  readonly lambda: number;
  readonly #cells: Float64Array;

  constructor(lambda: number, rows = 1) {
    assert(lambda > 0 && lambda <= 1, "λ of an exponential mean lies in (0, 1]");
    this.lambda = lambda;
    this.#cells = new Float64Array(rows * CELLS);
  }

  /** Until 1/λ values came they count equally: a start that does not hang on the first value. */
  add(value: number, row = 0): void {
    const at = row * CELLS;
    const cells = this.#cells;
    const count = (cells[at + COUNT] as number) + 1;
    const weight = Math.max(this.lambda, 1 / count);
    const delta = value - (cells[at + MEAN] as number);
    cells[at + COUNT] = count;
    cells[at + MEAN] = (cells[at + MEAN] as number) + weight * delta;
    cells[at + VARIANCE] = (1 - weight) * ((cells[at + VARIANCE] as number) + weight * delta * delta);
  }

  mean(row = 0): number {
    return this.#cells[row * CELLS + MEAN] as number;
  }

  variance(row = 0): number {
    return this.#cells[row * CELLS + VARIANCE] as number;
  }

  deviation(row = 0): number {
    return Math.sqrt(this.variance(row));
  }

  /** How many values came, all of them, forgotten ones too. */
  count(row = 0): number {
    return this.#cells[row * CELLS + COUNT] as number;
  }

  clear(row = 0): void {
    this.#cells.fill(0, row * CELLS, (row + 1) * CELLS);
  }

  state(row = 0): Saved {
    return [...this.#cells.subarray(row * CELLS, (row + 1) * CELLS)];
  }

  fromState(state: unknown, row = 0): boolean {
    return restoreCells(state, this.#cells, row * CELLS, CELLS);
  }
}
