/** Bytes that are allocated at a time. */
const chunkBytes = 65_536;
const none = new Uint8Array(0);

/** Copies of borrowed bytes, many in one array: an array for each would cost more than reading them. None is ever overwritten. */
export class Copies {
  #chunk = none;
  #used = 0;

  of(bytes: Uint8Array): Uint8Array {
    const { length } = bytes;
    if (this.#used + length > this.#chunk.length) {
      // A piece that is large has an array of its own, so that what is left of the chunk is not lost.
      if (length * 4 > chunkBytes) return bytes.slice();
      this.#chunk = new Uint8Array(chunkBytes);
      this.#used = 0;
    }
    const from = this.#used;
    this.#used += length;
    this.#chunk.set(bytes, from);
    return this.#chunk.subarray(from, from + length);
  }
}
