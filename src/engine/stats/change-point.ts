import { assert } from "#base/assert.ts";
import { restoreCells, type Saved } from "./saved.ts";

const CELLS = 6;
const [COUNT, MEAN, UP, UP_FOR, DOWN, DOWN_FOR] = [0, 1, 2, 3, 4, 5];

/** In the unit of the values. */
export interface PageHinkleyConfig {
  /** δ: what a value may be off the mean without counting. */
  readonly slack: number;
  /** λ: how much off, summed up, is a change. */
  readonly limit: number;
  /** Values before the first alarm is possible. */
  readonly warmUp: number;
}

/**
 * A change of the mean without a baseline (Page, 1954; Hinkley, Biometrika 58, 1971): like a CUSUM, but against the mean
 * of all values since the start. It also says how long ago the change began. Rows are independent: 48 bytes each.
 */
export class PageHinkley {
  readonly config: PageHinkleyConfig;
  readonly #cells: Float64Array;

  constructor(config: PageHinkleyConfig, rows = 1) {
    assert(config.slack >= 0 && config.limit > 0, "a Page–Hinkley test has a slack of at least 0 and a limit above 0");
    this.config = config;
    this.#cells = new Float64Array(rows * CELLS);
  }

  /** Takes a value: 1 when the mean went up, -1 when it went down, 0 as long as neither is sure. */
  add(value: number, row = 0): -1 | 0 | 1 {
    const { slack, limit, warmUp } = this.config;
    const cells = this.#cells;
    const at = row * CELLS;
    const count = (cells[at + COUNT] as number) + 1;
    const mean = (cells[at + MEAN] as number) + (value - (cells[at + MEAN] as number)) / count;
    const up = Math.max(0, (cells[at + UP] as number) + value - mean - slack);
    const down = Math.max(0, (cells[at + DOWN] as number) + mean - value - slack);
    cells[at + COUNT] = count;
    cells[at + MEAN] = mean;
    cells[at + UP] = up;
    cells[at + DOWN] = down;
    cells[at + UP_FOR] = up === 0 ? 0 : (cells[at + UP_FOR] as number) + 1;
    cells[at + DOWN_FOR] = down === 0 ? 0 : (cells[at + DOWN_FOR] as number) + 1;
    if (count < warmUp) return 0;
    return up > limit ? 1 : down > limit ? -1 : 0;
  }

  /** How many values ago the change on this side began, were it one. */
  since(side: -1 | 1, row = 0): number {
    return this.#cells[row * CELLS + (side === 1 ? UP_FOR : DOWN_FOR)] as number;
  }

  /** The mean since the row was started. */
  mean(row = 0): number {
    return this.#cells[row * CELLS + MEAN] as number;
  }

  /** Starts the row again: after a change the old mean means nothing. */
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

/** Where a list of values most likely changed its level, and how rarely one without a change looks as if. */
export interface MeanShift {
  /** The index of the first value of the new level. */
  readonly at: number;
  readonly before: number;
  readonly after: number;
  /** Chance of as large a shift in independent values of one level. */
  readonly rarity: number;
}

const TERMS = 100;

/**
 * The best single cut of a whole list: the largest |S_k − k·S_n/n|/(σ√n), judged by the distribution of Kolmogorov, which
 * is that of the largest value of a Brownian bridge. σ is taken over all values, so large shifts look no rarer than they
 * are. `undefined` below four values, and when all are equal.
 */
export function meanShift(values: ArrayLike<number>, length = values.length): MeanShift | undefined {
  if (length < 4) return undefined;
  let mean = 0;
  for (let i = 0; i < length; i++) mean += (values[i] as number) / length;
  let squares = 0;
  let walk = 0;
  let [most, at, walked] = [0, 0, 0];
  for (let i = 0; i < length; i++) {
    const off = (values[i] as number) - mean;
    squares += off * off;
    walk += off;
    if (i + 1 < length && Math.abs(walk) > most) [most, at, walked] = [Math.abs(walk), i + 1, walk];
  }
  if (at === 0 || squares === 0) return undefined;
  return { at, before: mean + walked / at, after: mean - walked / (length - at), rarity: kolmogorov(most / Math.sqrt(squares)) };
}

/** P(K > x) = 2·Σ (−1)^(j−1)·e^(−2j²x²); below 0.2 it is 1. */
function kolmogorov(x: number): number {
  if (x < 0.2) return 1;
  let sum = 0;
  for (let j = 1; j <= TERMS; j++) sum += (j % 2 === 1 ? 2 : -2) * Math.exp(-2 * j * j * x * x);
  return Math.max(0, Math.min(1, sum));
}
