import { assert } from "#base/assert.ts";
import { keyHash, seedWord } from "./key.ts";

/** A counted key: its true count lies in [count − error, count]. */
export interface Heavy {
  readonly key: number;
  readonly count: number;
  readonly error: number;
}

/**
 * The heaviest keys of a stream with a fixed number of counters (Metwally, Agrawal, El Abbadi, ICDT 2005). With N the
 * sum of all weights and k the capacity: every count is too high by at most N/k, and every key heavier than N/k is held.
 *
 *   index (open addressing) → slot → key, count, error;   heap of slots, the lightest on top, is who must go next
 *
 * A slot keeps its number as long as its key is held, so callers may keep columns of their own beside it. About 44
 * bytes per counter; nothing is allocated after construction but by `top` and `merge`.
 */
export class SpaceSaving {
  readonly capacity: number;
  /** How many counters are in use. */
  size = 0;
  /** The sum of all weights: N. */
  total = 0;
  /** Whether the last `add` gave its slot to a key that was not held: what stands beside the slot belongs to another. */
  isNew = false;
  readonly #seed: number;
  readonly #keys: Float64Array;
  readonly #counts: Float64Array;
  readonly #errors: Float64Array;
  readonly #heap: Int32Array;
  readonly #place: Int32Array;
  /** Slot + 1 where a key's probe ends, 0 where none stands. */
  readonly #index: Int32Array;
  readonly #mask: number;

  constructor(capacity: number, seed = 0) {
    assert(Number.isInteger(capacity) && capacity > 0, "a heavy-hitter summary has at least one counter");
    this.capacity = capacity;
    this.#seed = seedWord(seed);
    this.#keys = new Float64Array(capacity);
    this.#counts = new Float64Array(capacity);
    this.#errors = new Float64Array(capacity);
    this.#heap = new Int32Array(capacity);
    this.#place = new Int32Array(capacity);
    this.#index = new Int32Array(2 ** Math.ceil(Math.log2(capacity * 2 + 1)));
    this.#mask = this.#index.length - 1;
  }

  /** Counts a key; the answer is its slot. Weights are above 0. */
  add(key: number, weight = 1): number {
    this.total += weight;
    const at = this.#probe(key);
    const held = this.#index[at] as number;
    if (held !== 0) {
      this.isNew = false;
      this.#counts[held - 1] = (this.#counts[held - 1] as number) + weight;
      this.#sink(this.#place[held - 1] as number);
      return held - 1;
    }
    this.isNew = true;
    return this.size < this.capacity ? this.#occupy(at, key, weight, 0) : this.#replace(key, weight);
  }

  /** The slot of a key, -1 when it is not held. */
  slot(key: number): number {
    return (this.#index[this.#probe(key)] as number) - 1;
  }

  keyAt(slot: number): number {
    return this.#keys[slot] as number;
  }

  /** At least the true count of the slot's key. */
  countAt(slot: number): number {
    return this.#counts[slot] as number;
  }

  /** By how much the count may be too high. */
  errorAt(slot: number): number {
    return this.#errors[slot] as number;
  }

  /** At least the true count of any key, held or not; too high by at most N/k. */
  estimate(key: number): number {
    const slot = this.slot(key);
    return slot < 0 ? this.unheldMax : (this.#counts[slot] as number);
  }

  /** No key that is not held is heavier than this. */
  get unheldMax(): number {
    return this.size < this.capacity ? 0 : (this.#counts[this.#heap[0] as number] as number);
  }

  /** The heaviest keys first, equal ones by key. */
  top(most = this.capacity): Heavy[] {
    const all: Heavy[] = [];
    for (let slot = 0; slot < this.size; slot++) all.push(this.#heavy(slot));
    return all.toSorted(heaviestFirst).slice(0, most);
  }

  /**
   * Adds what another summary of the same capacity saw; the bounds hold for the sum (Agarwal et al., PODS 2012). The
   * order of the two does not change the result; among three or more it may, so merge partitions by number. Slots change.
   */
  merge(other: SpaceSaving): void {
    assert(other.capacity === this.capacity, "only heavy-hitter summaries of one capacity are merged");
    const [mine, theirs] = [this.unheldMax, other.unheldMax];
    const all: Heavy[] = [];
    for (let slot = 0; slot < this.size; slot++) {
      const here = this.#heavy(slot);
      const there = other.slot(here.key);
      all.push(plus(here, there < 0 ? theirs : other.countAt(there), there < 0 ? theirs : other.errorAt(there)));
    }
    for (let slot = 0; slot < other.size; slot++) {
      if (this.slot(other.keyAt(slot)) < 0) all.push(plus(other.#heavy(slot), mine, mine));
    }
    const total = this.total + other.total;
    this.clear();
    this.total = total;
    for (const { key, count, error } of all.toSorted(heaviestFirst).slice(0, this.capacity))
      this.#occupy(this.#probe(key), key, count, error);
  }

  /** Forgets everything: a new window. */
  clear(): void {
    this.size = 0;
    this.total = 0;
    this.#index.fill(0);
  }

  #heavy(slot: number): Heavy {
    return { key: this.keyAt(slot), count: this.countAt(slot), error: this.errorAt(slot) };
  }

  #occupy(at: number, key: number, count: number, error: number): number {
    const slot = this.size++;
    this.#fill(slot, at, key, count, error);
    this.#heap[slot] = slot;
    this.#place[slot] = slot;
    this.#rise(slot);
    return slot;
  }

  /** The lightest key makes room; the new one inherits its count as possible error. */
  #replace(key: number, weight: number): number {
    const slot = this.#heap[0] as number;
    const least = this.#counts[slot] as number;
    this.#forget(slot);
    this.#fill(slot, this.#probe(key), key, least + weight, least);
    this.#sink(0);
    return slot;
  }

  #fill(slot: number, at: number, key: number, count: number, error: number): void {
    this.#keys[slot] = key;
    this.#counts[slot] = count;
    this.#errors[slot] = error;
    this.#index[at] = slot + 1;
  }

  /** Where the key stands in the index, or the free place where it would. */
  #probe(key: number): number {
    let at = keyHash(key, this.#seed) & this.#mask;
    for (;;) {
      const held = this.#index[at] as number;
      if (held === 0 || this.#keys[held - 1] === key) return at;
      at = (at + 1) & this.#mask;
    }
  }

  /** Takes a slot's key out of the index and moves up those that had been pushed behind it. */
  #forget(slot: number): void {
    let hole = this.#probe(this.#keys[slot] as number);
    for (let at = (hole + 1) & this.#mask; this.#index[at] !== 0; at = (at + 1) & this.#mask) {
      const home = keyHash(this.#keys[(this.#index[at] as number) - 1] as number, this.#seed) & this.#mask;
      if (((at - home) & this.#mask) < ((at - hole) & this.#mask)) continue;
      this.#index[hole] = this.#index[at] as number;
      hole = at;
    }
    this.#index[hole] = 0;
  }

  #sink(from: number): void {
    const heap = this.#heap;
    const counts = this.#counts;
    const slot = heap[from] as number;
    const count = counts[slot] as number;
    let at = from;
    for (let child = 2 * at + 1; child < this.size; child = 2 * at + 1) {
      if (child + 1 < this.size && (counts[heap[child + 1] as number] as number) < (counts[heap[child] as number] as number)) child++;
      if ((counts[heap[child] as number] as number) >= count) break;
      this.#settle(at, heap[child] as number);
      at = child;
    }
    this.#settle(at, slot);
  }

  #rise(from: number): void {
    const slot = this.#heap[from] as number;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = this.#heap[parent] as number;
      if ((this.#counts[above] as number) <= (this.#counts[slot] as number)) break;
      this.#settle(at, above);
      at = parent;
    }
    this.#settle(at, slot);
  }

  #settle(at: number, slot: number): void {
    this.#heap[at] = slot;
    this.#place[slot] = at;
  }
}

const heaviestFirst = (a: Heavy, b: Heavy): number => b.count - a.count || a.key - b.key;
const plus = (heavy: Heavy, count: number, error: number): Heavy => ({
  key: heavy.key,
  count: heavy.count + count,
  error: heavy.error + error,
});
