import { mix32 } from "#base/hash.ts";

const ways = 8;

/**
 * Rows of numbers found by a pair of keys, in a fixed number of places. A key may stand in eight places only; when all
 * are taken, **the row of the eight that was touched longest ago is forgotten**, and counted. So nothing is ever
 * deleted, moved or chained, and a touch costs at most eight comparisons.
 */
export class DampedTable<Row extends Float64Array | Float32Array> {
  readonly rows: Row;
  /** When each row was last decayed, in seconds. */
  readonly times: Float64Array;
  readonly width: number;
  /** Rows that gave way to new keys. */
  evicted = 0;
  /** True when the last `touch` began a row. */
  fresh = false;
  readonly #first: Float64Array;
  readonly #second: Float64Array;
  /** Number of the packet that touched a row last; 0 is an empty place. */
  readonly #touched: Float64Array;
  readonly #setsMask: number;

  /** `rowsMax` is a power of two, at least eight. */
  constructor(rowsMax: number, width: number, rows: (length: number) => Row) {
    this.width = width;
    this.rows = rows(rowsMax * width);
    this.times = new Float64Array(rowsMax);
    this.#first = new Float64Array(rowsMax);
    this.#second = new Float64Array(rowsMax);
    this.#touched = new Float64Array(rowsMax);
    this.#setsMask = rowsMax / ways - 1;
  }

  /**
   * The index of the row of the keys, which is zeroed and dated `seconds` when it is new. `packet` grows with every
   * packet; rows touched by one packet do not evict each other.
   */
  touch(first: number, second: number, packet: number, seconds: number): number {
    const base = (placeOf(first, second) & this.#setsMask) * ways;
    let oldest = base;
    let oldestTouch = Number.POSITIVE_INFINITY;
    for (let at = base; at < base + ways; at++) {
      const touched = this.#touched[at] as number;
      if (touched !== 0 && this.#first[at] === first && this.#second[at] === second) {
        this.#touched[at] = packet;
        this.fresh = false;
        return at;
      }
      if (touched < oldestTouch) {
        oldest = at;
        oldestTouch = touched;
      }
    }
    if (oldestTouch !== 0) this.evicted++;
    this.#first[oldest] = first;
    this.#second[oldest] = second;
    this.#touched[oldest] = packet;
    this.times[oldest] = seconds;
    this.rows.fill(0, oldest * this.width, (oldest + 1) * this.width);
    this.fresh = true;
    return oldest;
  }

  /** Every row in use, as numbers: place, keys, touch, time, then the row. */
  dump(): Float64Array {
    const record = 5 + this.width;
    const places = [...this.#touched.keys()].filter((at) => this.#touched[at] !== 0);
    const dump = new Float64Array(places.length * record);
    places.forEach((at, i) => {
      dump.set(
        [at, this.#first[at] as number, this.#second[at] as number, this.#touched[at] as number, this.times[at] as number],
        i * record,
      );
      dump.set(this.rows.subarray(at * this.width, (at + 1) * this.width), i * record + 5);
    });
    return dump;
  }

  /** Takes back a dump into an empty table; false when it is none of a table of this shape. */
  restore(dump: Float64Array): boolean {
    const record = 5 + this.width;
    if (dump.length % record !== 0) return false;
    for (let i = 0; i < dump.length; i += record) {
      const [at, first, second, touched, time] = dump.subarray(i, i + 5) as unknown as [number, number, number, number, number];
      const base = (placeOf(first, second) & this.#setsMask) * ways;
      if (!Number.isInteger(at) || at < base || at >= base + ways || !(touched > 0) || this.#touched[at] !== 0) return false;
      this.#first[at] = first;
      this.#second[at] = second;
      this.#touched[at] = touched;
      this.times[at] = time;
      this.rows.set(dump.subarray(i + 5, i + record), at * this.width);
    }
    return true;
  }
}

/** Keys are integers below 2^53: both halves of both take part. */
function placeOf(first: number, second: number): number {
  const a = mix32((first | 0) ^ Math.imul((first / 4_294_967_296) | 0, 0x9e3779b1));
  return mix32(a ^ Math.imul(second | 0, 0x85ebca77) ^ ((second / 4_294_967_296) | 0));
}
