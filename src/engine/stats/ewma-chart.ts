import { assert } from "#base/assert.ts";
import { restoreCells, type Saved } from "./saved.ts";

const CELLS = 2;
const [SMOOTHED, STARTED] = [0, 1];

/** λ and L: with these 500 values lie between two false alarms, and a shift by one deviation is seen after about 10. */
export interface EwmaChartConfig {
  readonly lambda: number;
  readonly limitDeviations: number;
}

const defaults: EwmaChartConfig = { lambda: 0.2, limitDeviations: 2.962 };

/**
 * A control chart for small lasting shifts (Roberts, Technometrics 1(3), 1959; limits as tabled by Lucas and Saccucci,
 * Technometrics 32(1), 1990). It is fed standardised values, (x − μ)/σ with μ and σ of the caller's baseline, and alarms
 * outside ± L·√(λ/(2 − λ)·(1 − (1 − λ)^2t)). Rows are independent: 16 bytes each.
 */
export class EwmaChart {
  readonly config: EwmaChartConfig;
  readonly #cells: Float64Array;

  constructor(config: Partial<EwmaChartConfig> = {}, rows = 1) {
    this.config = { ...defaults, ...config };
    assert(this.config.lambda > 0 && this.config.lambda <= 1, "λ of an EWMA chart lies in (0, 1]");
    this.#cells = new Float64Array(rows * CELLS);
  }

  /** Takes a standardised value; the smoothed one, measured in its own deviations: out of control beyond ±L. */
  add(standard: number, row = 0): number {
    const { lambda } = this.config;
    const at = row * CELLS;
    const smoothed = lambda * standard + (1 - lambda) * (this.#cells[at + SMOOTHED] as number);
    // 1 − (1 − λ)^2t, carried along so that a fresh row of zeros is a chart at t = 0.
    const started = 1 - (1 - (this.#cells[at + STARTED] as number)) * (1 - lambda) ** 2;
    this.#cells[at + SMOOTHED] = smoothed;
    this.#cells[at + STARTED] = started;
    return smoothed / Math.sqrt((lambda / (2 - lambda)) * started);
  }

  /** Whether what `add` answered is an alarm: 1 above, -1 below, 0 within. */
  side(distance: number): -1 | 0 | 1 {
    return distance > this.config.limitDeviations ? 1 : distance < -this.config.limitDeviations ? -1 : 0;
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
