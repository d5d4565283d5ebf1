const FIRST_BUFFER_BYTES = 2048;

/** Puts pieces of a message or stream in their places, whatever their order and overlap, within limits. */
export class OrderedBytes {
  bytes = new Uint8Array(0);
  readonly #bytesMax: number;
  readonly #piecesMax: number;
  /** Starts and ends of what has come, sorted, none touching the next. */
  readonly #pieces: number[] = [];

  constructor(bytesMax: number, piecesMax: number) {
    this.#bytesMax = bytesMax;
    this.#piecesMax = piecesMax;
  }

  /** Bytes that have come without a hole from the beginning on. */
  get whole(): number {
    return this.#pieces[0] === 0 ? (this.#pieces[1] as number) : 0;
  }

  /** Takes `bytes[from..to)`, whose place is `offset`. What is beyond the limits is left out. */
  add(offset: number, bytes: Uint8Array, from: number, to: number): void {
    const end = offset + to - from;
    if (end > this.#bytesMax || from === to || !this.#note(offset, end)) return;
    if (end > this.bytes.length) {
      const larger = new Uint8Array(Math.min(this.#bytesMax, Math.max(end, this.bytes.length * 2, FIRST_BUFFER_BYTES)));
      larger.set(this.bytes);
      this.bytes = larger;
    }
    this.bytes.set(bytes.subarray(from, to), offset);
  }

  /** Notes that `start..end` has come. False when there are too many pieces. */
  #note(start: number, end: number): boolean {
    const pieces = this.#pieces;
    let i = 0;
    while (i < pieces.length && (pieces[i + 1] as number) < start) i += 2;
    let low = start;
    let high = end;
    let stop = i;
    for (; stop < pieces.length && (pieces[stop] as number) <= end; stop += 2) {
      low = Math.min(low, pieces[stop] as number);
      high = Math.max(high, pieces[stop + 1] as number);
    }
    if (stop === i && pieces.length >= this.#piecesMax * 2) return false;
    pieces.splice(i, stop - i, low, high);
    return true;
  }
}
