/** Bytes at the beginning and at the end that go into the hash. */
const ends = 24;

/**
 * Values that were made of bytes, found again by the same bytes: all of them are compared, so that what it remembers
 * changes nothing but the time that a look-up takes. A newer value takes the place of an older one.
 */
export class ByteCache<T> {
  readonly #mask: number;
  readonly #bytesMax: number;
  readonly #bytes: (Uint8Array | undefined)[];
  readonly #values: (T | undefined)[];

  /** `slots` is a power of two; longer keys than `bytesMax` are not remembered. */
  constructor(slots: number, bytesMax: number) {
    this.#mask = slots - 1;
    this.#bytesMax = bytesMax;
    this.#bytes = Array.from({ length: slots }, () => undefined);
    this.#values = Array.from({ length: slots }, () => undefined);
  }

  /** What was kept for `bytes[from..to)`. */
  find(bytes: Uint8Array, from: number, to: number): T | undefined {
    const length = to - from;
    if (length > this.#bytesMax) return undefined;
    const slot = hashOf(bytes, from, to) & this.#mask;
    const kept = this.#bytes[slot];
    if (kept === undefined || kept.length !== length) return undefined;
    for (let i = 0; i < length; i++) if (kept[i] !== bytes[from + i]) return undefined;
    return this.#values[slot];
  }

  /** Keeps a value for `bytes[from..to)`, which are copied. */
  keep(bytes: Uint8Array, from: number, to: number, value: T): void {
    if (to - from > this.#bytesMax) return;
    const slot = hashOf(bytes, from, to) & this.#mask;
    this.#bytes[slot] = bytes.slice(from, to);
    this.#values[slot] = value;
  }
}

function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5 ^ (to - from);
  const head = Math.min(to, from + ends);
  for (let i = from; i < head; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
  for (let i = Math.max(head, to - ends); i < to; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
  return hash ^ (hash >>> 15);
}
