import type { ByteView } from "#base/bytes.ts";
import { newSegmentWins, type SegmentRule } from "./segment-rule.ts";

/** A segment that arrived ahead of its predecessors, copied out of the block. */
interface Piece {
  readonly seq: number;
  readonly bytes: Uint8Array;
  /** Sequence numbers of the segment that it is part of. */
  readonly start: number;
  readonly end: number;
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
  /** Bytes that were read in order. */
  read = 0;
  /** Number of its latest segment among the recent ones. */
  recent = -1;
  /** Timestamp of the latest segment in order; 0 before there is one. */
  timestamp = 0;
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

  /**
   * Keeps a piece beyond a hole; `rule` says whose bytes count where it overlaps pieces that came before. A piece
   * without bytes is an urgent one that is left out of the stream. True when an overlap has other bytes than before.
   */
  hold(seq: number, bytes: Uint8Array, at: number, length: number, held: HeldBytes, rule: SegmentRule): boolean {
    const pieces = this.pieces;
    const end = (seq + length) | 0;
    let index = pieces.length;
    while (index > 0 && ((endOf(pieces[index - 1] as Piece) - seq) | 0) > 0) index--;
    const kept: Piece[] = [];
    const part = (from: number, to: number): Piece => {
      const start = at + ((from - seq) | 0);
      return { seq: from, bytes: bytes.slice(start, start + ((to - from) | 0)), start: seq, end };
    };
    let differs = false;
    let until = seq;
    let next = index;
    for (let old = pieces[next]; old !== undefined && ((old.seq - end) | 0) < 0; old = pieces[++next]) {
      const from = ((old.seq - seq) | 0) > 0 ? old.seq : seq;
      const to = ((endOf(old) - end) | 0) < 0 ? endOf(old) : end;
      if (((from - until) | 0) > 0) kept.push(part(until, from));
      until = to;
      differs ||= !isSame(old, from, to, bytes, at + ((from - seq) | 0));
      if (old.bytes.length === 0 || !newSegmentWins(rule, (seq - old.start) | 0, (end - old.end) | 0)) {
        kept.push(old);
        continue;
      }
      if (((from - old.seq) | 0) > 0) kept.push({ ...old, bytes: old.bytes.slice(0, (from - old.seq) | 0) });
      kept.push(part(from, to));
      if (((endOf(old) - to) | 0) > 0) kept.push({ ...old, seq: to, bytes: old.bytes.slice((to - old.seq) | 0) });
    }
    if (((end - until) | 0) > 0 || length === 0) kept.push(part(until, end));
    this.#count(pieces, index, next, -1, held);
    this.#count(kept, 0, kept.length, 1, held);
    this.#held ??= [];
    this.pieces = this.#held;
    this.#held.splice(index, next - index, ...kept);
    return differs;
  }

  #count(pieces: readonly Piece[], from: number, to: number, sign: 1 | -1, held: HeldBytes): void {
    for (let i = from; i < to; i++) {
      const bytes = (pieces[i] as Piece).bytes.length * sign;
      this.pieceBytes += bytes;
      held.used += bytes;
    }
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

const endOf = (piece: Piece): number => (piece.seq + piece.bytes.length) | 0;

/** True when `[from, to)` of the piece is what `bytes` has from `at` on. */
function isSame(piece: Piece, from: number, to: number, bytes: Uint8Array, at: number): boolean {
  const shift = (from - piece.seq) | 0;
  const length = (to - from) | 0;
  for (let i = 0; i < length; i++) if (piece.bytes[shift + i] !== bytes[at + i]) return false;
  return true;
}
