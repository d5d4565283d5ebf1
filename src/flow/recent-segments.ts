import type { StreamSide } from "./stream-side.ts";

/** Segments that are remembered; a power of two. */
const SEGMENTS = 4096;
const WORDS = 4;
/** Segments of one side that a comparison looks at. */
const looksMax = 64;

/**
 * Where the segments stand that were read from the present block, so that a second copy can be compared with the
 * first: a receiver keeps the one, and whoever sends another wants to be read differently. Costs four words a segment
 * and no copy; what is in an earlier block cannot be compared.
 *
 *   number → sequence number, offset in the block, bytes, number of the same side's segment before
 */
export class RecentSegments {
  readonly #words = new Int32Array(SEGMENTS * WORDS);
  #next = 0;
  /** Number of the first segment of the present block. */
  #first = 0;

  /** The block is over. */
  clear(): void {
    this.#first = this.#next;
  }

  /** Remembers a segment that was read in order. */
  note(own: StreamSide, seq: number, at: number, length: number): void {
    const words = this.#words;
    const entry = (this.#next & (SEGMENTS - 1)) * WORDS;
    words[entry] = seq;
    words[entry + 1] = at;
    words[entry + 2] = length;
    words[entry + 3] = own.recent;
    own.recent = this.#next;
    this.#next = (this.#next + 1) | 0;
  }

  /** True when bytes of `[at, at + length)`, which begin with `seq`, are known to have been others. */
  differs(own: StreamSide, seq: number, bytes: Uint8Array, at: number, length: number): boolean {
    const words = this.#words;
    let number = own.recent;
    for (let looks = 0; looks < looksMax && this.#isHere(number); looks++) {
      const entry = (number & (SEGMENTS - 1)) * WORDS;
      // Place of the remembered segment in the one that came now.
      const place = ((words[entry] as number) - seq) | 0;
      const from = place > 0 ? place : 0;
      const to = Math.min(length, place + (words[entry + 2] as number));
      const shift = (words[entry + 1] as number) - place;
      for (let i = from; i < to; i++) if (bytes[at + i] !== bytes[shift + i]) return true;
      number = words[entry + 3] as number;
    }
    return false;
  }

  #isHere(number: number): boolean {
    const age = (this.#next - number) | 0;
    return ((number - this.#first) | 0) >= 0 && age > 0 && age <= SEGMENTS;
  }
}
