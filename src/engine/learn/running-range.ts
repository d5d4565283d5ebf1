import type { ModelReader, ModelWriter } from "./model-file.ts";

/**
 * Puts features on a scale where the middle 96 of 100 recent values lie in 0…1, whatever the few others are. Those come
 * into the half unit beside it, nearer to its end the farther out they are. The range follows every window by a tenth,
 * so that masses counted on an older scale still mean something.
 */
export class RunningRange {
  readonly #features: number;
  readonly #low: Float64Array;
  readonly #high: Float64Array;
  /** Values of the running window, feature by feature. */
  readonly #values: Float64Array;
  readonly #window: number;
  #at = 0;
  #windows = 0;

  constructor(features: number, window: number) {
    this.#features = features;
    this.#window = window;
    this.#low = new Float64Array(features);
    this.#high = new Float64Array(features);
    this.#values = new Float64Array(features * window);
  }

  /** Writes the scaled example to `out`; false while no range is known. */
  scale(x: ArrayLike<number>, out: Float32Array): boolean {
    for (let f = 0; f < this.#features; f++) {
      const low = this.#low[f] as number;
      const range = (this.#high[f] as number) - low;
      const value = x[f] as number;
      const u = range > 0 ? (value - low) / range : value === low ? 0.5 : value > low ? Number.MAX_VALUE : -Number.MAX_VALUE;
      // What is no number is put into the middle: it must not be strange for being absent.
      out[f] = u >= 0 ? (u <= 1 ? u : 1.5 - 0.5 / u) : u < 0 ? -0.5 + 0.5 / (1 - u) : 0.5;
    }
    return this.#windows > 0;
  }

  /** Learns an example; true when it ended a window. */
  learn(x: ArrayLike<number>): boolean {
    for (let f = 0; f < this.#features; f++) {
      const value = x[f] as number;
      this.#values[f * this.#window + this.#at] = Number.isFinite(value) ? value : 0;
    }
    if (++this.#at < this.#window) return false;
    this.#at = 0;
    this.#follow();
    return true;
  }

  save(to: ModelWriter): void {
    to.add(Uint32Array.of(this.#at, this.#windows)).add(this.#low).add(this.#high).add(this.#values);
  }

  restore(from: ModelReader): void {
    const [at, windows] = from.u32(2);
    this.#at = at as number;
    this.#windows = windows as number;
    if (this.#at >= this.#window) from.refuse("its window is longer than the window");
    this.#low.set(from.f64(this.#features));
    this.#high.set(from.f64(this.#features));
    this.#values.set(from.f64(this.#values.length));
  }

  #follow(): void {
    const rate = this.#windows++ === 0 ? 1 : followRate;
    for (let f = 0; f < this.#features; f++) {
      const sorted = this.#values.slice(f * this.#window, (f + 1) * this.#window).toSorted();
      const low = this.#low[f] as number;
      const high = this.#high[f] as number;
      const at = (share: number): number => sorted[Math.round(share * (this.#window - 1))] as number;
      // Beyond Tukey's far fences are strays, however many a window happens to have.
      const fence = 3 * (at(0.75) - at(0.25));
      const beside = fence > 0 ? fence : Number.MAX_VALUE;
      this.#low[f] = low + rate * (Math.max(at(outsideShare), at(0.25) - beside) - low);
      this.#high[f] = high + rate * (Math.min(at(1 - outsideShare), at(0.75) + beside) - high);
    }
  }
}

/** Share of the values that may lie beyond each end. */
const outsideShare = 0.02;
/** How far a range goes towards that of the last window. */
const followRate = 0.1;
