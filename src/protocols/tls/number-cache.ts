/** Numbers of one key; values with longer keys are made each time. */
export const numbersMax = 512;
/** Values that are remembered. A power of two; a newer one takes the place of an older. */
const SLOTS = 512;

/**
 * Values that follow from a sequence of numbers, remembered by it. All numbers are compared, so that what it remembers
 * changes nothing but the time that a look-up takes.
 *
 *     cache.begin(version);
 *     cache.list(hello.ciphers);
 *     cache.value(() => …);
 */
export class NumberCache<T> {
  readonly #numbers = new Int32Array(numbersMax);
  readonly #keys: (Int32Array | undefined)[] = Array.from({ length: SLOTS }, () => undefined);
  readonly #values: (T | undefined)[] = Array.from({ length: SLOTS }, () => undefined);
  #count = 0;
  #hash = 0;

  /** Begins a key with a number of 32 bits. */
  begin(number: number): void {
    this.#count = 0;
    this.#hash = 0x811c9dc5;
    this.number(number);
  }

  number(number: number): void {
    // What is beyond the limit is only counted.
    if (this.#count < numbersMax) this.#numbers[this.#count] = number;
    this.#count++;
    this.#hash = Math.imul(this.#hash ^ number, 0x01000193);
  }

  /** Adds a list with its length in front, so that two lists in a row are not mistaken for one. */
  list(numbers: readonly number[]): void {
    this.number(numbers.length);
    for (let i = 0; i < numbers.length; i++) this.number(numbers[i] as number);
  }

  /** The key's value, from memory or computed. */
  value(compute: () => T): T {
    const count = this.#count;
    if (count > numbersMax) return compute();
    const slot = (this.#hash ^ (this.#hash >>> 15)) & (SLOTS - 1);
    if (this.#isKey(this.#keys[slot])) return this.#values[slot] as T;
    const key = this.#numbers.slice(0, count);
    const value = compute();
    this.#keys[slot] = key;
    this.#values[slot] = value;
    return value;
  }

  #isKey(key: Int32Array | undefined): boolean {
    const count = this.#count;
    if (key === undefined || key.length !== count) return false;
    for (let i = 0; i < count; i++) if (key[i] !== this.#numbers[i]) return false;
    return true;
  }
}
