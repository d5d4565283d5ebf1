import type { Random } from "#base/random.ts";
import type { ModelReader, ModelWriter } from "./model-file.ts";

/**
 * A sigmoid autoencoder with tied weights that scales its inputs to 0…1 by the range seen in training:
 *
 *   u = (x−min)/(max−min)   y = σ(uW+b)   z = σ(yWᵀ+c)   score = RMSE(u, z)
 *
 * Trained by one step of stochastic gradient descent on the cross-entropy per example (Vincent et al., 2008), as KitNET
 * does. In scoring the range stands still, so what lies outside it is far from anything that can be rebuilt.
 */
export class Autoencoder {
  /** Which of the inputs handed to `train` and `score` are its own. */
  readonly inputs: Uint32Array;
  readonly hidden: number;
  /** Squared errors of the inputs in the last `train` or `score`. */
  readonly errors: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Row of each input: its weights to the hidden units. */
  readonly weights: Float64Array;
  readonly hiddenBias: Float64Array;
  readonly outputBias: Float64Array;
  readonly #u: Float64Array;
  readonly #y: Float64Array;
  readonly #error: Float64Array;

  constructor(inputs: readonly number[], hiddenRatio: number, random: Random) {
    const visible = inputs.length;
    this.inputs = Uint32Array.from(inputs);
    this.hidden = Math.ceil(visible * hiddenRatio);
    this.low = new Float64Array(visible).fill(Number.POSITIVE_INFINITY);
    this.high = new Float64Array(visible).fill(Number.NEGATIVE_INFINITY);
    this.weights = Float64Array.from({ length: visible * this.hidden }, () => (2 * random.unit() - 1) / visible);
    this.hiddenBias = new Float64Array(this.hidden);
    this.outputBias = new Float64Array(visible);
    this.errors = new Float64Array(visible);
    this.#u = new Float64Array(visible);
    this.#y = new Float64Array(this.hidden);
    this.#error = new Float64Array(visible);
  }

  /** Learns one example and returns its error before the step. */
  train(x: ArrayLike<number>, rate: number): number {
    const { inputs, low, high } = this;
    for (let v = 0; v < inputs.length; v++) {
      const value = x[inputs[v] as number] as number;
      if (value < (low[v] as number)) low[v] = value;
      if (value > (high[v] as number)) high[v] = value;
    }
    const error = this.score(x);
    this.#step(rate);
    return error;
  }

  /** Root mean square of what could not be rebuilt. */
  score(x: ArrayLike<number>): number {
    const { inputs, low, high, weights, hidden, errors } = this;
    const u = this.#u;
    const y = this.#y;
    const visible = inputs.length;
    for (let v = 0; v < visible; v++) {
      const least = low[v] as number;
      u[v] = ((x[inputs[v] as number] as number) - least) / ((high[v] as number) - least + rangeMin);
    }
    for (let h = 0; h < hidden; h++) {
      let sum = this.hiddenBias[h] as number;
      for (let v = 0, at = h; v < visible; v++, at += hidden) sum += (u[v] as number) * (weights[at] as number);
      y[h] = 1 / (1 + Math.exp(-sum));
    }
    let total = 0;
    for (let v = 0, at = 0; v < visible; v++) {
      let sum = this.outputBias[v] as number;
      for (let h = 0; h < hidden; h++, at++) sum += (y[h] as number) * (weights[at] as number);
      const error = (u[v] as number) - 1 / (1 + Math.exp(-sum));
      this.#error[v] = error;
      errors[v] = error * error;
      total += error * error;
    }
    return Math.sqrt(total / visible);
  }

  /** One step down the gradient of what `score` has just computed. */
  #step(rate: number): void {
    const { weights, hidden, hiddenBias, outputBias } = this;
    const u = this.#u;
    const error = this.#error;
    const visible = u.length;
    for (let h = 0; h < hidden; h++) {
      const y = this.#y[h] as number;
      let back = 0;
      for (let v = 0, at = h; v < visible; v++, at += hidden) back += (error[v] as number) * (weights[at] as number);
      back *= y * (1 - y);
      hiddenBias[h] = (hiddenBias[h] as number) + rate * back;
      for (let v = 0, at = h; v < visible; v++, at += hidden)
        weights[at] = (weights[at] as number) + rate * ((u[v] as number) * back + (error[v] as number) * y);
    }
    for (let v = 0; v < visible; v++) outputBias[v] = (outputBias[v] as number) + rate * (error[v] as number);
  }

  save(to: ModelWriter): void {
    to.add(this.low).add(this.high).add(this.weights).add(this.hiddenBias).add(this.outputBias);
  }

  restore(from: ModelReader): void {
    // Before the first example the range is empty: from +∞ to −∞.
    this.low.set(from.f64(this.low.length, this.low.length, true));
    this.high.set(from.f64(this.high.length, this.high.length, true));
    this.weights.set(from.f64(this.weights.length));
    this.hiddenBias.set(from.f64(this.hidden));
    this.outputBias.set(from.f64(this.low.length));
  }
}

/** Keeps an input that never moved from a division by nought. */
export const rangeMin = 1e-16;
