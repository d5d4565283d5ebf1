import { assert } from "./assert.ts";

/** What can be a value: `undefined` says that there is none. */
export type Defined = string | number | boolean | object;

/**
 * A map with a limit: beyond it the first entry goes. Entries stand in the order in which they were added or last renewed.
 * A plain map has that order, too, but walks over all that was deleted in front to find its first entry: here one walk
 * through the keys goes on for the life of the map.
 */
export class OldestFirstMap<K, V extends Defined> {
  readonly #max: number;
  readonly #onForget: ((value: V) => void) | undefined;
  readonly #map = new Map<K, V>();
  /** Stands behind `#first`; what is in front of that has been deleted. */
  #walk: Iterator<K> = this.#map.keys();
  #first: K | undefined;
  #isFirstKnown = false;

  /** `onForget` hears of each value that goes, also of those that another takes the place of. */
  constructor(max: number, onForget?: (value: V) => void) {
    assert(Number.isInteger(max) && max > 0, "there is room for one entry at least");
    this.#max = max;
    this.#onForget = onForget;
  }

  get size(): number {
    return this.#map.size;
  }

  has(key: K): boolean {
    return this.#map.has(key);
  }

  get(key: K): V | undefined {
    return this.#map.get(key);
  }

  /** An entry that there is keeps its place. */
  set(key: K, value: V): void {
    const before = this.#map.get(key);
    if (before === undefined) this.#makeRoom();
    this.#map.set(key, value);
    if (before !== undefined && before !== value) this.#onForget?.(before);
  }

  /** The entry goes behind all others. */
  renew(key: K, value: V): void {
    const before = this.#map.get(key);
    if (before === undefined) this.#makeRoom();
    else this.#take(key);
    this.#map.set(key, value);
    if (before !== undefined && before !== value) this.#onForget?.(before);
  }

  /** The value of a key, which is made when there is none. One that there is keeps its place. */
  ensure(key: K, make: () => V): V {
    const known = this.#map.get(key);
    if (known !== undefined) return known;
    this.#makeRoom();
    const value = make();
    this.#map.set(key, value);
    return value;
  }

  delete(key: K): void {
    const value = this.#map.get(key);
    if (value === undefined) return;
    this.#take(key);
    this.#onForget?.(value);
  }

  /** Forgets the first entry. */
  forgetFirst(): void {
    if (this.size > 0) this.delete(this.#firstKey());
  }

  /** Forgets entries from the first on, as long as they are over. */
  expire(isOver: (value: V) => boolean): void {
    while (this.size > 0 && isOver(this.#map.get(this.#firstKey()) as V)) this.forgetFirst();
  }

  /** From the first to the last. */
  values(): MapIterator<V> {
    return this.#map.values();
  }

  /** From the first to the last. */
  entries(): MapIterator<[K, V]> {
    return this.#map.entries();
  }

  #makeRoom(): void {
    if (this.size >= this.#max) this.forgetFirst();
  }

  #take(key: K): void {
    this.#map.delete(key);
    if (this.#isFirstKnown && key === this.#first) this.#isFirstKnown = false;
  }

  /** Of a map that is not empty. */
  #firstKey(): K {
    if (this.#isFirstKnown) return this.#first as K;
    let step = this.#walk.next();
    if (step.done === true) {
      // A walk that has come to the end stays there, whatever is added later.
      this.#walk = this.#map.keys();
      step = this.#walk.next();
    }
    this.#first = step.value;
    this.#isFirstKnown = true;
    return step.value;
  }
}

/** The same for what only has to be known. */
export class OldestFirstSet<K extends Defined> {
  readonly #map: OldestFirstMap<K, K>;

  constructor(max: number) {
    this.#map = new OldestFirstMap(max);
  }

  get size(): number {
    return this.#map.size;
  }

  has(key: K): boolean {
    return this.#map.has(key);
  }

  /** One that is known keeps its place. */
  add(key: K): void {
    this.#map.set(key, key);
  }

  delete(key: K): void {
    this.#map.delete(key);
  }

  /** From the first to the last. */
  [Symbol.iterator](): MapIterator<K> {
    return this.#map.values();
  }
}
