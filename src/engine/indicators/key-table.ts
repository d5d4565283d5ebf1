import { mix32 } from "#base/hash.ts";
import type { KeyHash } from "./key-hash.ts";

/** Entries that there may be at most; beyond it lists are cut, and say so. */
export const entriesMax = 16_000_000;
const EMPTY = 0;

/**
 * Entries by the 96 bits of their key: open addressing with linear steps over entry numbers, at most two thirds full.
 * An entry is three words of key here; what it means stands in columns elsewhere, by the same number.
 */
export class KeyTable {
  #slots: Int32Array;
  #keys = new Int32Array(3 * 1024);
  #entries = new Int32Array(1024);
  #count = 0;

  constructor() {
    this.#slots = new Int32Array(2048);
  }

  get memoryBytes(): number {
    return this.#slots.byteLength + this.#keys.byteLength + this.#entries.byteLength;
  }

  /** Entry of a key, -1 for none. */
  find(hash: KeyHash): number {
    const row = this.#rowOf(hash);
    return row < 0 ? -1 : (this.#entries[row] as number);
  }

  /** Adds an entry; the one that had the key before is returned, -1 for none. */
  put(hash: KeyHash, entry: number): number {
    const known = this.#rowOf(hash);
    if (known >= 0) {
      const before = this.#entries[known] as number;
      this.#entries[known] = entry;
      return before;
    }
    if (this.#count * 3 >= this.#slots.length * 2) this.#rehash(this.#slots.length * 2);
    if (this.#count === this.#entries.length) this.#growKeys(Math.ceil(this.#count * 1.5));
    const row = this.#count++;
    this.#keys[row * 3] = hash.a;
    this.#keys[row * 3 + 1] = hash.b;
    this.#keys[row * 3 + 2] = hash.c;
    this.#entries[row] = entry;
    this.#place(row);
    return -1;
  }

  /** No more are added: gives back what was reserved. */
  trim(): void {
    this.#growKeys(Math.max(1, this.#count));
  }

  #rowOf(hash: KeyHash): number {
    const slots = this.#slots;
    const keys = this.#keys;
    const mask = slots.length - 1;
    const { a, b, c } = hash;
    for (let at = mix32(a ^ c) & mask; ; at = (at + 1) & mask) {
      const filled = slots[at] as number;
      if (filled === EMPTY) return -1;
      const key = (filled - 1) * 3;
      if (keys[key] === a && keys[key + 1] === b && keys[key + 2] === c) return filled - 1;
    }
  }

  #place(row: number): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let at = mix32((this.#keys[row * 3] as number) ^ (this.#keys[row * 3 + 2] as number)) & mask;
    while (slots[at] !== EMPTY) at = (at + 1) & mask;
    slots[at] = row + 1;
  }

  #rehash(size: number): void {
    this.#slots = new Int32Array(size);
    for (let row = 0; row < this.#count; row++) this.#place(row);
  }

  #growKeys(rows: number): void {
    const keys = new Int32Array(rows * 3);
    keys.set(this.#keys.subarray(0, Math.min(this.#count, rows) * 3));
    this.#keys = keys;
    const entries = new Int32Array(rows);
    entries.set(this.#entries.subarray(0, Math.min(this.#count, rows)));
    this.#entries = entries;
  }
}
