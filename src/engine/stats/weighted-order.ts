import { sortRange } from "./sort-range.ts";

/** Values in order, each with a weight: what a quantile sketch is read through. Its arrays are kept and only ever grow. */
export class WeightedOrder {
  size = 0;
  #values = new Float64Array(0);
  /** The weight of all values up to and with each. */
  #upTo = new Float64Array(0);
  #bottom = new Float64Array(0);
  readonly #heads: number[] = [];

  /** Copies a sketch's levels, of which the lowest is unsorted and stands for one value each, the next for two, and so on. */
  take(items: Float64Array, starts: Int32Array, height: number): void {
    const [from, to] = [starts[0] as number, starts[height] as number];
    this.#fit(to - from);
    const bottom = (starts[1] as number) - from;
    for (let i = 0; i < bottom; i++) this.#bottom[i] = items[from + i] as number;
    sortRange(this.#bottom, 0, bottom);
    for (let level = 0; level < height; level++) this.#heads[level] = level === 0 ? 0 : (starts[level] as number);
    let weight = 0;
    for (let i = 0; i < this.size; i++) {
      let best = -1;
      let least = 0;
      for (let level = 0; level < height; level++) {
        const head = this.#heads[level] as number;
        if (head >= (level === 0 ? bottom : (starts[level + 1] as number))) continue;
        const value = (level === 0 ? this.#bottom[head] : items[head]) as number;
        if (best < 0 || value < least) [best, least] = [level, value];
      }
      this.#heads[best] = (this.#heads[best] as number) + 1;
      weight += 2 ** best;
      this.#values[i] = least;
      this.#upTo[i] = weight;
    }
  }

  get weight(): number {
    return this.size === 0 ? 0 : (this.#upTo[this.size - 1] as number);
  }

  /** The least value up to which at least this share of the weight stands. */
  quantile(share: number): number {
    const wanted = share * this.weight;
    let [low, high] = [0, this.size - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#upTo[middle] as number) >= wanted) high = middle;
      else low = middle + 1;
    }
    return this.#values[low] as number;
  }

  /** The weight of the values that are at most this one. */
  weightUpTo(value: number): number {
    let [low, high] = [0, this.size];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#values[middle] as number) <= value) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? 0 : (this.#upTo[low - 1] as number);
  }

  /** The median of the distances to a centre: from it outwards until half of the weight is within. */
  medianDistance(centre: number): number {
    let above = 0;
    while (above < this.size && (this.#values[above] as number) < centre) above++;
    let below = above - 1;
    let distance = 0;
    for (let inside = 0; inside < this.weight / 2; ) {
      const down = below < 0 ? Number.POSITIVE_INFINITY : centre - (this.#values[below] as number);
      const up = above >= this.size ? Number.POSITIVE_INFINITY : (this.#values[above] as number) - centre;
      distance = Math.min(down, up);
      inside += this.#weightAt(down <= up ? below-- : above++);
    }
    return distance;
  }

  meanDistance(centre: number): number {
    let sum = 0;
    for (let i = 0; i < this.size; i++) sum += this.#weightAt(i) * Math.abs((this.#values[i] as number) - centre);
    return this.size === 0 ? 0 : sum / this.weight;
  }

  #weightAt(i: number): number {
    return (this.#upTo[i] as number) - (i === 0 ? 0 : (this.#upTo[i - 1] as number));
  }

  #fit(size: number): void {
    this.size = size;
    if (this.#values.length >= size) return;
    this.#values = new Float64Array(size);
    this.#upTo = new Float64Array(size);
    this.#bottom = new Float64Array(size);
  }
}
