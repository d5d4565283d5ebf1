/** Bytes of handshake messages of one side and level that are kept. */
export const cryptoBytesMax = 65_536;
/** Pieces beyond holes. */
export const piecesMax = 128;
const FIRST_BUFFER_BYTES = 2048;
const HEADER_BYTES = 4;

/** One whole handshake message: its body is `bytes[at..end)`. */
export interface CryptoMessage {
  readonly type: number;
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly end: number;
}

/**
 * Puts the bytes of CRYPTO frames in order, whatever the order and the overlap of the frames (RFC 9000 §19.6), and cuts
 * them into handshake messages. Bytes beyond the limits are left out, so that later messages are missing.
 */
export class CryptoStream {
  #bytes = new Uint8Array(0);
  /** Starts and ends of what has come, sorted, none touching the next. */
  readonly #pieces: number[] = [];
  /** First byte of the next message. */
  #at = 0;

  /** Takes `bytes[from..to)`, which begin at `offset` of the stream. */
  add(offset: number, bytes: Uint8Array, from: number, to: number): void {
    const end = offset + to - from;
    if (end > cryptoBytesMax || from === to || !this.#note(offset, end)) return;
    if (end > this.#bytes.length) {
      const larger = new Uint8Array(Math.min(cryptoBytesMax, Math.max(end, this.#bytes.length * 2, FIRST_BUFFER_BYTES)));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(bytes.subarray(from, to), offset);
  }

  /** The next message, once it is whole. Valid until more is added. */
  next(): CryptoMessage | undefined {
    const bytes = this.#bytes;
    const whole = this.#pieces[0] === 0 ? (this.#pieces[1] as number) : 0;
    const at = this.#at;
    if (at + HEADER_BYTES > whole) return undefined;
    const body = at + HEADER_BYTES;
    const end = body + ((bytes[at + 1] as number) << 16) + ((bytes[at + 2] as number) << 8) + (bytes[at + 3] as number);
    if (end > whole) return undefined;
    this.#at = end;
    return { type: bytes[at] as number, bytes, at: body, end };
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
    if (stop === i && pieces.length >= piecesMax * 2) return false;
    pieces.splice(i, stop - i, low, high);
    return true;
  }
}
