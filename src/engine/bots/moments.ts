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

  /** Deviation divided by mean; 0 where the mean is 0. */
  get variation(): number {
    return this.mean === 0 ? 0 : Math.sqrt(this.variance) / Math.abs(this.mean);
  }
}
