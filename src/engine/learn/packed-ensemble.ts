import { type Autoencoder, rangeMin } from "./autoencoder.ts";

/**
 * Trained autoencoders in one piece for scoring only: all weights lie in one array in the order in which they are
 * read, and σ comes from a table. Scores differ from the exact ones by some 1e-6 of their size, and by much where an input
 * is more than a hundred ranges outside its range. The numbers are doubles: widening a float at each use costs a tenth
 * of the time, and there are too few of them for memory to matter.
 */
export class PackedEnsemble {
  /** Squared error of each input, in the order of the autoencoders. */
  readonly errors: Float64Array;
  /** Which input of the examples stands at each place of `errors`. */
  readonly inputs: Uint16Array;
  /** First place of each autoencoder in `errors`, and one more for the end. */
  readonly starts: Uint16Array;
  readonly #hidden: Uint8Array;
  readonly #low: Float64Array;
  readonly #scale: Float64Array;
  /** Per autoencoder: per hidden unit its bias and weights; then per input its bias and weights. */
  readonly #weights: Float64Array;
  readonly #u: Float64Array;
  readonly #y: Float64Array;

  constructor(coders: readonly Autoencoder[]) {
    const inputs = coders.flatMap((coder) => [...coder.inputs]);
    this.inputs = Uint16Array.from(inputs);
    this.starts = new Uint16Array(coders.length + 1);
    coders.forEach((coder, a) => {
      this.starts[a + 1] = (this.starts[a] as number) + coder.inputs.length;
    });
    this.#hidden = Uint8Array.from(coders, (coder) => coder.hidden);
    this.#low = Float64Array.from(coders.flatMap((coder) => [...coder.low]));
    const ranges = coders.flatMap((coder) => [...coder.high].map((high, v) => high - (coder.low[v] as number) + rangeMin));
    this.#scale = Float64Array.from(ranges, (range) => 1 / range);
    this.#weights = Float64Array.from(coders.flatMap(packed));
    this.errors = new Float64Array(inputs.length);
    this.#u = new Float64Array(inputs.length);
    this.#y = new Float64Array(Math.max(1, ...this.#hidden));
  }

  /** Writes the error of each autoencoder to the start of `out`. */
  score(x: ArrayLike<number>, out: Float64Array): void {
    const inputs = this.inputs;
    const low = this.#low;
    const scale = this.#scale;
    const u = this.#u;
    const weights = this.#weights;
    const starts = this.starts;
    const y = this.#y;
    const errors = this.errors;
    for (let i = 0; i < inputs.length; i++) {
      const scaled = ((x[inputs[i] as number] as number) - (low[i] as number)) * (scale[i] as number);
      // Written so that what is no number counts as the least that was seen.
      u[i] = scaled > outsideMax ? outsideMax : scaled >= -outsideMax ? scaled : scaled < 0 ? -outsideMax : 0;
    }
    let w = 0;
    for (let a = 0, start = 0; a + 1 < starts.length; a++) {
      const end = starts[a + 1] as number;
      const hidden = this.#hidden[a] as number;
      for (let h = 0; h < hidden; h++) {
        let sum = weights[w++] as number;
        for (let v = start; v < end; v++) sum += (u[v] as number) * (weights[w++] as number);
        y[h] = sigmoid(sum);
      }
      let total = 0;
      for (let v = start; v < end; v++) {
        let sum = weights[w++] as number;
        for (let h = 0; h < hidden; h++) sum += (y[h] as number) * (weights[w++] as number);
        const error = (u[v] as number) - sigmoid(sum);
        errors[v] = error * error;
        total += error * error;
      }
      out[a] = Math.sqrt(total / (end - start));
      start = end;
    }
  }
}

function packed(coder: Autoencoder): number[] {
  const { hidden, weights, hiddenBias, outputBias } = coder;
  const list: number[] = [];
  for (let h = 0; h < hidden; h++) {
    list.push(hiddenBias[h] as number);
    for (let at = h; at < weights.length; at += hidden) list.push(weights[at] as number);
  }
  outputBias.forEach((bias, v) => {
    list.push(bias, ...weights.subarray(v * hidden, (v + 1) * hidden));
  });
  return list;
}

/**
 * How many ranges away from its range an input may count: one that never moved in training would otherwise score 10^16
 * for any step, and all else would be nothing beside it.
 */
const outsideMax = 100;

/** σ between −reach and reach in steps of 1/perUnit; between two steps a straight line is wrong by less than 2e-6. */
const reach = 16;
const perUnit = 128;
const last = 2 * reach * perUnit;
const curve = Float64Array.from({ length: last + 2 }, (_, i) => 1 / (1 + Math.exp(reach - i / perUnit)));

function sigmoid(sum: number): number {
  const place = (sum + reach) * perUnit;
  // Written so that what is no number gives ½, as the middle of the curve.
  if (place >= last) return 1;
  if (!(place > 0)) return place <= 0 ? 0 : 0.5;
  const step = place | 0;
  const before = curve[step] as number;
  return before + ((curve[step + 1] as number) - before) * (place - step);
}
