/** Up to this length a loop copies faster than a view and a call. */
const loopBytesMax = 64;

/** Bytes that are put together, up to a limit: what is beyond it is passed over. */
export class GrowingBytes {
  bytes: Uint8Array = EMPTY;
  length = 0;
  readonly #bytesMax: number;
  readonly #firstBytes: number;

  /** `firstBytes`: room that is made with the first bytes. */
  constructor(bytesMax: number, firstBytes = 256) {
    this.#bytesMax = bytesMax;
    this.#firstBytes = firstBytes;
  }

  /** True when no more is taken. */
  get full(): boolean {
    return this.length >= this.#bytesMax;
  }

  add(bytes: Uint8Array, from: number, to: number): void {
    const taken = Math.min(to - from, this.#bytesMax - this.length);
    if (taken <= 0) return;
    if (this.length + taken > this.bytes.length) {
      const grown = new Uint8Array(Math.min(this.#bytesMax, Math.max(this.#firstBytes, 2 * this.bytes.length, this.length + taken)));
      grown.set(this.bytes.subarray(0, this.length));
      this.bytes = grown;
    }
    if (taken > loopBytesMax) this.bytes.set(bytes.subarray(from, from + taken), this.length);
    else for (let i = 0; i < taken; i++) this.bytes[this.length + i] = bytes[from + i] as number;
    this.length += taken;
  }

  /** Forgets what is there; its memory is used again. */
  clear(): void {
    this.length = 0;
  }
}

const EMPTY = new Uint8Array(0);
