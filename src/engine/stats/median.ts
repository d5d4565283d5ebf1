import { assert } from "#base/assert.ts";
import { robustDistance } from "./distance.ts";
import { QuantileSketch } from "./quantile-sketch.ts";
import { type Saved, savedNumbers } from "./saved.ts";

const WINDOW_MAX = 4096;

/** Exact median and median distance (MAD) of the last so many values: 16 bytes each, a few moved per value. */
export class RollingMedian {
  readonly window: number;
  /** How many values are held. */
  size = 0;
  readonly #sorted: Float64Array;
  readonly #ring: Float64Array;
  #next = 0;

  constructor(window: number) {
    assert(Number.isInteger(window) && window > 0 && window <= WINDOW_MAX, `a rolling median holds 1 to ${WINDOW_MAX} values`);
    this.window = window;
    this.#sorted = new Float64Array(window);
    this.#ring = new Float64Array(window);
  }

  add(value: number): void {
    const sorted = this.#sorted;
    let to = this.#search(value);
    if (this.size < this.window) {
      sorted.copyWithin(to + 1, to, this.size++);
    } else {
      const gone = this.#search(this.#ring[this.#next] as number);
      if (gone < to) sorted.copyWithin(gone, gone + 1, to--);
      else sorted.copyWithin(to + 1, to, gone);
    }
    sorted[to] = value;
    this.#ring[this.#next] = value;
    this.#next = (this.#next + 1) % this.window;
  }

  /** The middle value, the mean of the middle two; 0 when there are none. */
  get median(): number {
    const half = this.size >> 1;
    if (this.size === 0) return 0;
    return this.size & 1 ? (this.#sorted[half] as number) : ((this.#sorted[half - 1] as number) + (this.#sorted[half] as number)) / 2;
  }

  /** The median of the distances to the median; 0 when there are no values. */
  get medianDistance(): number {
    const centre = this.median;
    const odd = this.size & 1;
    let [below, above] = [(this.size >> 1) - 1, this.size >> 1];
    let [before, last] = [0, 0];
    // The distances in order are met by going outwards from the middle.
    for (let met = 0; met < (this.size >> 1) + 1 && this.size > 0; met++) {
      const down = below < 0 ? Number.POSITIVE_INFINITY : centre - (this.#sorted[below] as number);
      const up = above >= this.size ? Number.POSITIVE_INFINITY : (this.#sorted[above] as number) - centre;
      [before, last] = [last, Math.min(down, up)];
      if (down <= up) below--;
      else above++;
    }
    return odd ? last : (before + last) / 2;
  }

  get meanDistance(): number {
    const centre = this.median;
    let sum = 0;
    for (let i = 0; i < this.size; i++) sum += Math.abs((this.#sorted[i] as number) - centre);
    return this.size === 0 ? 0 : sum / this.size;
  }

  /** The robust z-score of a value against those held; add it afterwards. */
  distance(value: number): number {
    return this.size === 0 ? 0 : robustDistance(value, this.median, this.medianDistance, this.meanDistance);
  }

  /** The values held, oldest first. */
  state(): Saved {
    const oldest = this.size < this.window ? 0 : this.#next;
    return Array.from({ length: this.size }, (_, i) => this.#ring[(oldest + i) % this.window] as number);
  }

  fromState(state: unknown): boolean {
    const saved = savedNumbers(state, 0, true);
    if (saved === undefined || saved.length > this.window) return false;
    [this.size, this.#next] = [0, 0];
    for (const value of saved) this.add(value);
    return true;
  }

  /** The first place whose value is not below this one. */
  #search(value: number): number {
    let [low, high] = [0, this.size];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sorted[middle] as number) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Median and median distance of a whole stream, right within the rank error of a small quantile sketch (k = 64: about 4 %). */
export class StreamMedian {
  readonly #sketch: QuantileSketch;

  constructor(k = 64, seed = 0) {
    this.#sketch = new QuantileSketch(k, seed);
  }

  get count(): number {
    return this.#sketch.count;
  }

  add(value: number): void {
    this.#sketch.add(value);
  }

  get median(): number {
    return this.#sketch.quantile(0.5);
  }

  get medianDistance(): number {
    return this.count === 0 ? 0 : this.#sketch.order().medianDistance(this.median);
  }

  /** The robust z-score of a value against those that came; add it afterwards. */
  distance(value: number): number {
    if (this.count === 0) return 0;
    const { median } = this;
    return robustDistance(value, median, this.medianDistance, this.#sketch.order().meanDistance(median));
  }

  /** Adds what another saw; merge in a fixed order. */
  merge(other: StreamMedian): void {
    this.#sketch.merge(other.#sketch);
  }

  state(): Saved {
    return this.#sketch.state();
  }

  fromState(state: unknown): boolean {
    return this.#sketch.fromState(state);
  }
}
