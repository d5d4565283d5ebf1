import { assert } from "#base/assert.ts";
import type { Micros } from "#base/time.ts";

/** The window is `buckets` stretches of `bucketMicros` of packet time; the newest of them is still filling. */
export interface RollingConfig {
  readonly bucketMicros: number;
  readonly buckets: number;
}

const NEVER = -1;

/**
 * Sum, count and mean of the values of the last stretch of packet time. Sums of whole numbers are exact. A value older
 * than the window is dropped and counted; an older one within it still goes where it belongs. Rows are independent: 12
 * bytes per bucket and 8.
 */
export class Rolling {
  readonly config: RollingConfig;
  /** Values that came too late for their bucket. */
  late = 0;
  readonly #sums: Float64Array;
  readonly #counts: Uint32Array;
  /** The number of the newest bucket: time divided by the bucket's length. */
  readonly #newest: Float64Array;

  constructor(config: RollingConfig, rows = 1) {
    assert(config.bucketMicros > 0 && Number.isInteger(config.buckets) && config.buckets > 0, "a rolling window has buckets");
    this.config = config;
    this.#sums = new Float64Array(rows * config.buckets);
    this.#counts = new Uint32Array(rows * config.buckets);
    this.#newest = new Float64Array(rows).fill(NEVER);
  }

  /** Adds a value; false when it came too late. */
  add(time: Micros, value = 1, row = 0): boolean {
    const bucket = Math.floor(time / this.config.bucketMicros);
    if (bucket > (this.#newest[row] as number)) this.#open(bucket, row);
    if (bucket <= (this.#newest[row] as number) - this.config.buckets) {
      this.late++;
      return false;
    }
    const at = this.#at(bucket, row);
    this.#sums[at] = (this.#sums[at] as number) + value;
    this.#counts[at] = (this.#counts[at] as number) + 1;
    return true;
  }

  /** Lets time pass without a value, so that what is read next is of this moment. */
  advance(time: Micros, row = 0): void {
    const bucket = Math.floor(time / this.config.bucketMicros);
    if (bucket > (this.#newest[row] as number)) this.#open(bucket, row);
  }

  sum(row = 0): number {
    let sum = 0;
    for (let at = row * this.config.buckets, end = at + this.config.buckets; at < end; at++) sum += this.#sums[at] as number;
    return sum;
  }

  count(row = 0): number {
    let count = 0;
    for (let at = row * this.config.buckets, end = at + this.config.buckets; at < end; at++) count += this.#counts[at] as number;
    return count;
  }

  /** Mean of the values; 0 when there are none. */
  mean(row = 0): number {
    const count = this.count(row);
    return count === 0 ? 0 : this.sum(row) / count;
  }

  /** The sum of the bucket this many before the newest: 0 is the one still filling. */
  bucket(age: number, row = 0): number {
    const newest = this.#newest[row] as number;
    return newest < age || age >= this.config.buckets ? 0 : (this.#sums[this.#at(newest - age, row)] as number);
  }

  /** Forgets a row: another host. */
  clear(row = 0): void {
    this.#newest[row] = NEVER;
    this.#empty(row * this.config.buckets, this.config.buckets);
  }

  #at(bucket: number, row: number): number {
    return row * this.config.buckets + (bucket % this.config.buckets);
  }

  /** Makes a bucket the newest and empties those that time has passed over. */
  #open(bucket: number, row: number): void {
    const passed = bucket - (this.#newest[row] as number);
    this.#newest[row] = bucket;
    if (passed >= this.config.buckets) this.#empty(row * this.config.buckets, this.config.buckets);
    else for (let i = 0; i < passed; i++) this.#empty(this.#at(bucket - i, row), 1);
  }

  #empty(at: number, length: number): void {
    this.#sums.fill(0, at, at + length);
    this.#counts.fill(0, at, at + length);
  }
}
