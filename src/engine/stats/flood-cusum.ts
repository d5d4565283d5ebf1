import { assert } from "#base/assert.ts";
import { restoreCells, type Saved } from "./saved.ts";

const CELLS = 2;
const [USUAL, SUM] = [0, 1];

/** The defaults are the paper's, made for periods of 20 s: a flood that opens 0.7 of the usual more is seen after three. */
export interface FloodCusumConfig {
  /** a: the share of unanswered openings that is normal at most. */
  readonly slack: number;
  /** N: the sum above which it is a flood. */
  readonly limit: number;
  /** How much of the mean of closings is kept from one period to the next. */
  readonly memory: number;
  /** The mean of closings counts as this at least, so that a quiet server's first clients are no flood. */
  readonly closedMin: number;
  /** The sum stops here, so that even a great flood is over 60 periods after its end. */
  readonly sumMax: number;
}

const defaults: FloodCusumConfig = { slack: 0.35, limit: 1.05, memory: 0.9, closedMin: 10, sumMax: 21 };

/**
 * The non-parametric CUSUM against SYN floods (Wang, Zhang, Shin, INFOCOM 2002). Connections that open in a period (SYN)
 * are set against those that close (FIN, RST): X = (opened − closed)/F̄ with F̄ the exponential mean of closings, and
 * y = max(0, y + X − a) rises only while more open than close. No model of the traffic is needed; it serves as well for any
 * pair of counts that go together, such as questions and answers. Rows are independent: 16 bytes each, a row per server.
 */
export class FloodCusum {
  readonly config: FloodCusumConfig;
  readonly #cells: Float64Array;

  constructor(config: Partial<FloodCusumConfig> = {}, rows = 1) {
    this.config = { ...defaults, ...config };
    const { memory, closedMin, sumMax, limit } = this.config;
    assert(
      memory >= 0 && memory < 1 && closedMin > 0 && sumMax > limit,
      "a flood CUSUM forgets, divides by more than 0, and can pass its limit",
    );
    this.#cells = new Float64Array(rows * CELLS);
  }

  /** Takes the counts of one period; true while it is a flood. */
  add(opened: number, closed: number, row = 0): boolean {
    const { slack, limit, memory, closedMin, sumMax } = this.config;
    const at = row * CELLS;
    const before = this.#cells[at + USUAL] as number;
    const usual = before === 0 ? closed : memory * before + (1 - memory) * closed;
    const sum = (this.#cells[at + SUM] as number) + (opened - closed) / Math.max(usual, closedMin) - slack;
    this.#cells[at + USUAL] = usual;
    this.#cells[at + SUM] = Math.min(sumMax, Math.max(0, sum));
    return this.sum(row) > limit;
  }

  /** y: how many usual periods' worth of openings found no closing. */
  sum(row = 0): number {
    return this.#cells[row * CELLS + SUM] as number;
  }

  /** F̄: the closings of a usual period. */
  usual(row = 0): number {
    return this.#cells[row * CELLS + USUAL] as number;
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
