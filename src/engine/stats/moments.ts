import { type Saved, savedNumbers } from "./saved.ts";

/** Mean and variance of a stream of numbers in one pass (Welford, Technometrics 4(3), 1962). */
export class Moments {
  count = 0;
  mean = 0;
  #squares = 0;

  add(value: number): void {
    this.count += 1;
    const delta = value - this.mean;
    this.mean += delta / this.count;
    this.#squares += delta * (value - this.mean);
  }

  /** Unbiased variance; 0 below two values. */
  get variance(): number {
    return this.count < 2 ? 0 : this.#squares / (this.count - 1);
  }

  get deviation(): number {
    return Math.sqrt(this.variance);
  }

  /** Deviation divided by mean; 0 where the mean is 0. */
  get variation(): number {
    return this.mean === 0 ? 0 : Math.sqrt(this.variance) / Math.abs(this.mean);
  }

  /** Adds what another saw (Chan, Golub, LeVeque, 1979): equal to one pass over both but for rounding, so merge in a fixed order. */
  merge(other: Moments): void {
    if (other.count === 0) return;
    const count = this.count + other.count;
    const delta = other.mean - this.mean;
    this.#squares += other.#squares + (delta * delta * this.count * other.count) / count;
    this.mean += (delta * other.count) / count;
    this.count = count;
  }

  state(): Saved {
    return [this.count, this.mean, this.#squares];
  }

  fromState(state: unknown): boolean {
    const saved = savedNumbers(state, 3);
    if (saved === undefined) return false;
    [this.count, this.mean, this.#squares] = saved as [number, number, number];
    return true;
  }
}
