import { assert } from "#base/assert.ts";
import { restoreCells, type Saved } from "./saved.ts";

const CELLS = 2;
const [ABOVE, BELOW] = [0, 1];

/** In deviations. With k = ½ and h = 5 some 465 values lie between two false alarms; a shift by one is seen after 10.4. */
export interface CusumConfig {
  /** k: what a value may be off without counting, half of the shift that matters. */
  readonly slackDeviations: number;
  /** h: how much off, summed up, is an alarm. */
  readonly limitDeviations: number;
}

const defaults: CusumConfig = { slackDeviations: 0.5, limitDeviations: 5 };

/**
 * The two-sided tabular CUSUM (Page, Biometrika 41, 1954; figures of Montgomery, Statistical Quality Control, ch. 9):
 * S⁺ = max(0, S⁺ + z − k), S⁻ = max(0, S⁻ − z − k), alarm above h. It is fed standardised values, z = (x − μ)/σ with μ and
 * σ of the caller's baseline. Rows are independent: 16 bytes each.
 */
export class Cusum {
  readonly config: CusumConfig;
  readonly #cells: Float64Array;

  constructor(config: Partial<CusumConfig> = {}, rows = 1) {
    this.config = { ...defaults, ...config };
    assert(this.config.slackDeviations >= 0 && this.config.limitDeviations > 0, "a CUSUM has a slack of at least 0 and a limit above 0");
    this.#cells = new Float64Array(rows * CELLS);
  }

  /** Takes a standardised value: 1 when the sum above is over the limit, -1 when that below is, 0 within. */
  add(standard: number, row = 0): -1 | 0 | 1 {
    const { slackDeviations, limitDeviations } = this.config;
    const at = row * CELLS;
    const above = Math.max(0, (this.#cells[at + ABOVE] as number) + standard - slackDeviations);
    const below = Math.max(0, (this.#cells[at + BELOW] as number) - standard - slackDeviations);
    this.#cells[at + ABOVE] = above;
    this.#cells[at + BELOW] = below;
    return above > limitDeviations ? 1 : below > limitDeviations ? -1 : 0;
  }

  /** S⁺: how far above the mean the last values were, summed up. */
  above(row = 0): number {
    return this.#cells[row * CELLS + ABOVE] as number;
  }

  /** S⁻: how far below. */
  below(row = 0): number {
    return this.#cells[row * CELLS + BELOW] as number;
  }

  /** Starts the row again: after an alarm was dealt with. */
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
