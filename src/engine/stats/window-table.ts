import { assert } from "#base/assert.ts";

/** What a table holds: it knows since when. */
export interface Dated {
  /** Beginning of its window, µs. */
  readonly since: number;
}

/**
 * Values by 32-bit key, such as an address' hash, that matter for a window of time. At the limit the one that was put
 * in first goes; those whose window is over go with `expire`. The order is kept in a ring, as a map finds its oldest key
 * only slowly once many were deleted.
 */
export class WindowTable<T extends Dated> {
  readonly #values = new Map<number, T>();
  readonly #keys: Int32Array;
  readonly #births: Float64Array;
  readonly #onForget: ((value: T) => void) | undefined;
  #oldest = 0;
  #count = 0;

  /** `onForget` hears of each value that goes. */
  constructor(capacity: number, onForget?: (value: T) => void) {
    assert(Number.isInteger(capacity) && capacity > 0, "a table has room for one value at least");
    this.#onForget = onForget;
    this.#keys = new Int32Array(capacity);
    this.#births = new Float64Array(capacity);
  }

  get size(): number {
    return this.#values.size;
  }

  get(key: number): T | undefined {
    return this.#values.get(key);
  }

  /** Adds a value, or puts it in the place of one whose window is over. */
  add(key: number, value: T): void {
    if (this.#count === this.#keys.length) this.forgetOldest();
    const replaced = this.#values.get(key);
    if (replaced !== undefined) this.#onForget?.(replaced);
    this.#values.set(key, value);
    const at = (this.#oldest + this.#count) % this.#keys.length;
    this.#keys[at] = key;
    this.#births[at] = value.since;
    this.#count++;
  }

  /** Forgets what began before `time`. */
  expire(time: number): void {
    while (this.#count > 0 && (this.#births[this.#oldest] as number) < time) this.forgetOldest();
  }

  /** Makes room: the first that was put in goes. */
  forgetOldest(): void {
    if (this.#count === 0) return;
    const key = this.#keys[this.#oldest] as number;
    // A value that was replaced has its own place further on in the ring.
    const value = this.#values.get(key);
    if (value !== undefined && value.since === this.#births[this.#oldest]) {
      this.#values.delete(key);
      this.#onForget?.(value);
    }
    this.#oldest = (this.#oldest + 1) % this.#keys.length;
    this.#count--;
  }
}
