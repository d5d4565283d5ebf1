/** Powers of two: the smallest and the largest piece that is kept for the next one. */
const leastBits = 9;
const mostBits = 14;
/** Memory that waits to be used again, bytes. */
const spareBytesMax = 2 * 1024 * 1024;

/** Memory for windows over streams. Most connections are short, so what one leaves is given to the next: contents are left in it. */
export class WindowMemory {
  readonly #spare: Uint8Array[][] = Array.from({ length: mostBits + 1 }, () => []);
  #spareBytes = 0;

  /** At least so many bytes, of any content. */
  take(bytes: number): Uint8Array {
    const bits = Math.max(leastBits, 32 - Math.clz32(bytes - 1));
    const spare = this.#spare[bits]?.pop();
    if (spare === undefined) return new Uint8Array(2 ** bits);
    this.#spareBytes -= spare.length;
    return spare;
  }

  /** Takes back what `take` gave, and nobody reads any more. */
  give(bytes: Uint8Array): void {
    if (bytes.length === 0 || this.#spareBytes + bytes.length > spareBytesMax) return;
    const list = this.#spare[31 - Math.clz32(bytes.length)];
    if (list === undefined) return;
    list.push(bytes);
    this.#spareBytes += bytes.length;
  }
}
