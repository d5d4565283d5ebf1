import { assert } from "#base/assert.ts";

/** What goes before a chunk's bytes. */
export interface ChunkHead {
  bytes: number;
  frames: number;
  series: number;
  ticket: number;
  linkType: number;
  /** Time of the first frame of the file that it belongs to, µs. */
  start: number;
}

const HEAD = 0;
const TAIL = 1;
/** Words in front of the ring's bytes. */
const WORDS = 16;
const UNIT = 8;
/** [bytes][frames][series][ticket][link type][–][start, a double] */
const CHUNK_HEAD_BYTES = 32;
/** In place of a chunk's size: the rest up to the end of the memory is not used. */
const SKIP = -1;

const rounded = (bytes: number): number => Math.ceil(bytes / UNIT) * UNIT;

/**
 * Chunks of bytes on their way from exactly one thread to another, in shared memory. A chunk is never split: what does
 * not fit before the end of the memory begins at its start again. Positions count units of 8 bytes and wrap.
 */
export class ChunkRing {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Of the chunk that `peek` has found: head, and where its bytes begin. */
  readonly head: ChunkHead = { bytes: 0, frames: 0, series: 0, ticket: 0, linkType: 0, start: 0 };
  at = 0;
  readonly #words: Int32Array;
  readonly #capacity: number;
  #claimed = 0;

  constructor(memory: SharedArrayBuffer) {
    this.#words = new Int32Array(memory, 0, WORDS);
    this.bytes = new Uint8Array(memory, WORDS * 4);
    this.view = new DataView(memory, WORDS * 4);
    this.#capacity = this.bytes.length;
    assert((this.#capacity & (this.#capacity - 1)) === 0, "a ring of chunks has a power of two of bytes");
  }

  /** Memory for a ring of at most so many bytes. */
  static memory(bytesMax: number): SharedArrayBuffer {
    return new SharedArrayBuffer(WORDS * 4 + 2 ** Math.floor(Math.log2(bytesMax)));
  }

  /** Writer: where `bytes` bytes may be put; -1 when there is no room now. `publish` hands them over. */
  claim(bytes: number): number {
    const size = CHUNK_HEAD_BYTES + rounded(bytes);
    const head = this.#words[HEAD] as number;
    const used = ((head - Atomics.load(this.#words, TAIL)) | 0) * UNIT;
    const at = this.#place(head);
    const rest = this.#capacity - at;
    const skipped = rest < size ? rest : 0;
    if (used + skipped + size > this.#capacity) return -1;
    if (skipped > 0) this.view.setInt32(at, SKIP, true);
    this.#claimed = skipped;
    return (skipped > 0 ? 0 : at) + CHUNK_HEAD_BYTES;
  }

  /** Writer: the bytes that were claimed last are there. */
  publish({ bytes, frames, series, ticket, linkType, start }: ChunkHead): void {
    const head = this.#words[HEAD] as number;
    const at = this.#claimed > 0 ? 0 : this.#place(head);
    const { view } = this;
    view.setInt32(at, bytes, true);
    view.setInt32(at + 4, frames, true);
    view.setInt32(at + 8, series, true);
    view.setInt32(at + 12, ticket, true);
    view.setInt32(at + 16, linkType, true);
    view.setFloat64(at + 24, start, true);
    Atomics.store(this.#words, HEAD, (head + (this.#claimed + CHUNK_HEAD_BYTES + rounded(bytes)) / UNIT) | 0);
  }

  /** Reader: true when there is a chunk; it stays until `take`. */
  peek(): boolean {
    let tail = this.#words[TAIL] as number;
    if (Atomics.load(this.#words, HEAD) === tail) return false;
    let at = this.#place(tail);
    if (this.view.getInt32(at, true) === SKIP) {
      tail = (tail + (this.#capacity - at) / UNIT) | 0;
      Atomics.store(this.#words, TAIL, tail);
      at = 0;
    }
    const { head, view } = this;
    head.bytes = view.getInt32(at, true);
    head.frames = view.getInt32(at + 4, true);
    head.series = view.getInt32(at + 8, true);
    head.ticket = view.getInt32(at + 12, true);
    head.linkType = view.getInt32(at + 16, true);
    head.start = view.getFloat64(at + 24, true);
    this.at = at + CHUNK_HEAD_BYTES;
    return true;
  }

  /** Reader: the chunk's memory is free again. */
  take(): void {
    const tail = this.#words[TAIL] as number;
    Atomics.store(this.#words, TAIL, (tail + (CHUNK_HEAD_BYTES + rounded(this.head.bytes)) / UNIT) | 0);
  }

  #place(position: number): number {
    return ((position >>> 0) * UNIT) % this.#capacity;
  }
}
