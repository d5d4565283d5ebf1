import { assert } from "#base/assert.ts";
import { MICROS_PER_SECOND, type Micros } from "#base/time.ts";
import { restoreCells, type Saved } from "./saved.ts";

const CELLS = 3;
const [WEIGHT, MEAN, SQUARES] = [0, 1, 2];

/** The five decays of Kitsune (Mirsky et al., NDSS 2018), per second: windows of about 0.1, 0.2, 0.5, 10 and 60 s and more. */
export const KITSUNE_DECAYS: readonly number[] = [5, 3, 1, 0.1, 0.01];

/**
 * Weight, mean and variance of a stream whose values fade with time: after Δt seconds each counts 2^(−λΔt). Several λ are
 * kept side by side. Kitsune keeps sums of values and squares; here the same figures come from a mean that is moved along,
 * which does not cancel where the deviation is small against the mean. Rows are independent: 24 bytes per λ and 8.
 */
export class Damped {
  readonly decays: readonly number[];
  readonly #cells: Float64Array;
  readonly #times: Float64Array;
  readonly #width: number;

  constructor(decays: readonly number[], rows = 1) {
    assert(decays.length > 0 && decays.every((decay) => decay >= 0), "a damped window has decays of at least 0 per second");
    this.decays = decays;
    this.#width = decays.length * CELLS;
    this.#cells = new Float64Array(rows * this.#width);
    this.#times = new Float64Array(rows);
  }

  /** Adds a value; a time before the last one counts as that one. */
  add(time: Micros, value: number, row = 0): void {
    const seconds = this.#pass(time, row);
    const cells = this.#cells;
    let at = row * this.#width;
    for (let i = 0; i < this.decays.length; i++, at += CELLS) {
      const faded = fading(this.decays[i] as number, seconds);
      const weight = (cells[at + WEIGHT] as number) * faded + 1;
      const delta = value - (cells[at + MEAN] as number);
      const mean = (cells[at + MEAN] as number) + delta / weight;
      cells[at + WEIGHT] = weight;
      cells[at + MEAN] = mean;
      cells[at + SQUARES] = (cells[at + SQUARES] as number) * faded + delta * (value - mean);
    }
  }

  /** The weight of all values, as of `time` or else of the last value; times λ·ln 2 it is the rate per second. */
  weight(decay: number, row = 0, time?: Micros): number {
    const weight = this.#cells[row * this.#width + decay * CELLS + WEIGHT] as number;
    if (time === undefined) return weight;
    const seconds = Math.max(0, (time - (this.#times[row] as number)) / MICROS_PER_SECOND);
    return weight * fading(this.decays[decay] as number, seconds);
  }

  mean(decay: number, row = 0): number {
    return this.#cells[row * this.#width + decay * CELLS + MEAN] as number;
  }

  /** Variance with the weights as probabilities (not corrected for their number), as Kitsune has it. */
  variance(decay: number, row = 0): number {
    const at = row * this.#width + decay * CELLS;
    const weight = this.#cells[at + WEIGHT] as number;
    return weight === 0 ? 0 : (this.#cells[at + SQUARES] as number) / weight;
  }

  clear(row = 0): void {
    this.#times[row] = 0;
    this.#cells.fill(0, row * this.#width, (row + 1) * this.#width);
  }

  state(row = 0): Saved {
    return [...this.#cells.subarray(row * this.#width, (row + 1) * this.#width), this.#times[row] as number];
  }

  fromState(state: unknown, row = 0): boolean {
    const whole = new Float64Array(this.#width + 1);
    if (!restoreCells(state, whole, 0, whole.length)) return false;
    this.#cells.set(whole.subarray(0, this.#width), row * this.#width);
    this.#times[row] = whole[this.#width] as number;
    return true;
  }

  #pass(time: Micros, row: number): number {
    const passed = time - (this.#times[row] as number);
    if (passed <= 0) return 0;
    this.#times[row] = time;
    return passed / MICROS_PER_SECOND;
  }
}

const fading = (decay: number, seconds: number): number => Math.exp(-Math.LN2 * decay * seconds);
