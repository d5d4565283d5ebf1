const firstCapacity = 256;

/**
 * What one side of a connection has sent last, copied for alerts that show it: since the other side has spoken, the last
 * bytes of it when it is long. Where bytes are missing it says so in words, as Suricata does.
 */
export class StreamExcerpt {
  bytes = new Uint8Array(firstCapacity);
  used = 0;
  /** What comes next begins anew. */
  isOver = false;
  readonly #bytesMax: number;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Takes `bytes[from..to)`. Returns by how many bytes the memory has grown. */
  append(bytes: Uint8Array, from: number, to: number): number {
    if (this.isOver) {
      this.isOver = false;
      this.used = 0;
    }
    const begin = Math.max(from, to - this.#bytesMax);
    const length = to - begin;
    const before = this.bytes.length;
    const excess = this.used + length - this.#bytesMax;
    if (excess > 0) {
      this.bytes.copyWithin(0, excess, this.used);
      this.used -= excess;
    }
    this.#fit(this.used + length);
    this.bytes.set(bytes.subarray(begin, to), this.used);
    this.used += length;
    return this.bytes.length - before;
  }

  /** So many bytes of the stream are missing. Returns as `append` does. */
  gap(count: number): number {
    // What is missing is of the same message as what came before, as far as anybody knows.
    this.isOver = false;
    const text = `[${count} bytes missing]`;
    const words = Uint8Array.from(text, (character) => character.charCodeAt(0));
    return this.append(words, 0, words.length);
  }

  #fit(bytes: number): void {
    if (bytes <= this.bytes.length) return;
    let capacity = this.bytes.length;
    while (capacity < bytes) capacity *= 2;
    const grown = new Uint8Array(capacity);
    grown.set(this.bytes.subarray(0, this.used));
    this.bytes = grown;
  }
}
