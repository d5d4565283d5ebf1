import type { ByteView } from "#base/bytes.ts";

/** A segment that arrived ahead of its predecessors, copied out of the block. */
interface Piece {
  seq: number;
  readonly bytes: Uint8Array;
}

/** Bytes that a partition holds for its flows, shared by all of them. */
export interface HeldBytes {
  used: number;
  readonly max: number;
}

const FIRST_TAIL_BYTES = 512;
/** What a side without pieces holds: most never have any, so none is made for them. */
const NO_PIECES: readonly Piece[] = Object.freeze([]);

/**
 * One direction of a flow: the sequence number that comes next, the tail that the parser has not consumed yet, and the
 * pieces beyond a hole.
 *
 *   delivered | tail (kept, contiguous) | next → hole | piece | hole | piece …
 *
 * Tail and pieces are copies owned by this object; everything else stays in the capture block.
 */
export class StreamSide {
  /** True when `next` is known. */
  started = false;
  /** Sequence number of the first byte that has not arrived (int32). */
  next = 0;
  tailLength = 0;
  /** Bytes in `pieces`. */
  pieceBytes = 0;
  pieces: readonly Piece[] = NO_PIECES;
  #held: Piece[] | undefined;
  #tail: Uint8Array | undefined;
  #tailView: DataView | undefined;

  /** Puts bytes behind the tail. */
  append(bytes: Uint8Array, at: number, length: number, held: HeldBytes): void {
    const needed = this.tailLength + length;
    let tail = this.#tail;
    if (tail === undefined || tail.length < needed) {
      const grown = new Uint8Array(Math.max(FIRST_TAIL_BYTES, needed * 2));
      if (tail !== undefined) grown.set(tail.subarray(0, this.tailLength));
      held.used += grown.length - (tail?.length ?? 0);
      tail = grown;
      this.#tail = grown;
      this.#tailView = new DataView(grown.buffer);
    }
    if (length <= 64) for (let i = 0; i < length; i++) tail[this.tailLength + i] = bytes[at + i] as number;
    else tail.set(bytes.subarray(at, at + length), this.tailLength);
    this.tailLength = needed;
  }

  /** Points `view` at the tail; valid until the next `append` or `drop`. */
  showTail(view: ByteView): void {
    view.bytes = this.#tail as Uint8Array;
    view.view = this.#tailView as DataView;
    view.at = 0;
    view.end = this.tailLength;
  }

  /** Forgets the first `length` bytes of the tail. */
  drop(length: number, held: HeldBytes): void {
    this.tailLength -= length;
    if (this.tailLength > 0) this.#tail?.copyWithin(0, length, length + this.tailLength);
    else if (this.#tail !== undefined && this.#tail.length > 16 * FIRST_TAIL_BYTES) this.#release(held);
  }

  /** Keeps a piece beyond a hole. Bytes that an earlier piece has stay as they came first. Returns false when it adds nothing. */
  hold(seq: number, bytes: Uint8Array, at: number, length: number, held: HeldBytes): boolean {
    let from = seq;
    let place = this.pieces.length;
    const end = (seq + length) | 0;
    while (place > 0 && ((from - (this.pieces[place - 1] as Piece).seq) | 0) < 0) place--;
    const before = this.pieces[place - 1];
    if (before !== undefined) {
      const covered = (before.seq + before.bytes.length) | 0;
      if (((covered - from) | 0) > 0) from = covered;
    }
    const after = this.pieces[place];
    const until = after !== undefined && ((end - after.seq) | 0) > 0 && ((end - after.seq - after.bytes.length) | 0) <= 0 ? after.seq : end;
    const kept = (until - from) | 0;
    if (kept <= 0) return false;
    const start = at + ((from - seq) | 0);
    this.#held ??= [];
    this.pieces = this.#held;
    this.#held.splice(place, 0, { seq: from, bytes: bytes.slice(start, start + kept) });
    this.pieceBytes += kept;
    held.used += kept;
    return true;
  }

  /** Takes the first piece out. */
  shift(held: HeldBytes): Piece | undefined {
    const piece = this.#held?.shift();
    if (piece !== undefined) {
      this.pieceBytes -= piece.bytes.length;
      held.used -= piece.bytes.length;
    }
    return piece;
  }

  /** Gives all memory back. */
  clear(held: HeldBytes): void {
    held.used -= this.pieceBytes;
    this.pieceBytes = 0;
    this.pieces = NO_PIECES;
    this.#held = undefined;
    this.tailLength = 0;
    this.#release(held);
  }

  #release(held: HeldBytes): void {
    held.used -= this.#tail?.length ?? 0;
    this.#tail = undefined;
    this.#tailView = undefined;
  }
}
