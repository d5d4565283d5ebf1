import type { ByteView } from "#base/bytes.ts";
import { LineCutter } from "#base/line-cutter.ts";
import { lineBytesMax, type MessageReader } from "./message-reader.ts";

const NO_BYTES = new Uint8Array(0);

/**
 * The bytes of counted chunks (BDAT of RFC 3030, literals of IMAP), as lines. A chunk may end in the middle of a line:
 * what there is of it is copied, and goes before the next chunk.
 */
export class ChunkReader {
  /** Bytes of the chunk that are still to come. */
  left = 0;
  /** True when the chunk is the message's last. */
  last = false;
  readonly #lines = new LineCutter(lineBytesMax);
  #carried = NO_BYTES;
  /** The next piece continues a line. */
  #continues = false;

  /** Bytes of the chunk that were shown and not taken yet. */
  get waiting(): number {
    return this.#lines.waiting;
  }

  begin(bytes: number, last: boolean): void {
    this.left = bytes;
    this.last = last;
    this.#lines.reset();
  }

  /** Takes lines of the chunk from `at` on; returns where it stopped. */
  read(view: ByteView, at: number, message: MessageReader | undefined): number {
    const lines = this.#lines;
    const end = Math.min(view.end, at + this.left);
    const whole = end - at === this.left;
    let i = at;
    while (i < end && lines.next(view, i, end)) {
      this.#line(view.bytes, i, lines.end, lines.following, lines.goesOn, message);
      i = lines.following;
    }
    if (whole && i < end) {
      this.#carry(view.bytes, i, end, message);
      i = end;
    }
    this.left -= i - at;
    return i;
  }

  /** Bytes that the capture lacks; returns how many of them belong to the chunk. */
  skip(bytes: number, message: MessageReader): number {
    const inside = Math.min(bytes, this.left);
    this.#lines.reset();
    this.#flush(message);
    message.gap(inside);
    this.left -= inside;
    return inside;
  }

  /** The message is over. */
  finish(message: MessageReader | undefined): void {
    this.#flush(message);
    this.#continues = false;
  }

  #line(bytes: Uint8Array, from: number, to: number, following: number, goesOn: boolean, message: MessageReader | undefined): void {
    if (this.#carried.length === 0) message?.line(bytes, from, to, following, this.#continues);
    else {
      const joined = joinPiece(this.#carried, bytes, from, following);
      this.#carried = NO_BYTES;
      let breakAt = joined.length - (following - to);
      // The chunk ended between CR and LF.
      if (following - to === 1 && joined[breakAt - 1] === 0x0d) breakAt--;
      message?.line(joined, 0, breakAt, joined.length, this.#continues);
    }
    this.#continues = goesOn;
  }

  #carry(bytes: Uint8Array, from: number, to: number, message: MessageReader | undefined): void {
    this.#carried = joinPiece(this.#carried, bytes, from, to);
    if (this.#carried.length <= lineBytesMax) return;
    const all = this.#carried;
    this.#carried = NO_BYTES;
    // A decoder takes no more than `lineBytesMax` at once.
    for (let at = 0; at < all.length; at += lineBytesMax) {
      const end = Math.min(all.length, at + lineBytesMax);
      message?.line(all, at, end, end, this.#continues);
      this.#continues = true;
    }
  }

  #flush(message: MessageReader | undefined): void {
    const carried = this.#carried;
    this.#carried = NO_BYTES;
    if (carried.length > 0) message?.line(carried, 0, carried.length, carried.length, this.#continues);
  }
}

function joinPiece(first: Uint8Array, bytes: Uint8Array, from: number, to: number): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(first.length + to - from);
  all.set(first);
  all.set(bytes.subarray(from, to), first.length);
  return all;
}
