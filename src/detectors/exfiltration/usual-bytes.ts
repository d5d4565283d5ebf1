/** Deviation of a natural logarithm that is believed before anything was seen, and how many values that belief weighs. */
const priorDeviation = 1.5;
const priorWeight = 4;
/** Smaller amounts are alike: keep-alives make no upload less odd. */
const bytesFloor = 100_000;
/** Values after which the oldest fade: a month of working hours. */
const memoryMax = 240;

/** Bytes of an hour with traffic, as a log-normal distribution: uploads of people differ by factors, not by sums. */
export class UsualBytes {
  count = 0;
  #mean = 0;
  #variance = 0;

  add(bytes: number): void {
    this.count = Math.min(this.count + 1, memoryMax);
    const value = Math.log(Math.max(bytes, bytesFloor));
    const delta = value - this.#mean;
    this.#mean += delta / this.count;
    this.#variance += (delta * (value - this.#mean) - this.#variance) / this.count;
  }

  /** How many deviations so many bytes lie above what is usual, as far as few values can tell; infinite without any. */
  surprise(bytes: number): number {
    if (this.count === 0) return Number.POSITIVE_INFINITY;
    const known = this.count * this.#variance + priorWeight * priorDeviation ** 2;
    const deviation = Math.sqrt((known / (this.count + priorWeight)) * (1 + 1 / this.count));
    return (Math.log(Math.max(bytes, bytesFloor)) - this.#mean) / deviation;
  }
}
