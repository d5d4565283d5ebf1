import { indexOfLiteral } from "#engine/match/search.ts";
import type { Content } from "#engine/rules/signature.ts";
import type { WindowMemory } from "./window-memory.ts";

/** Recent bytes of a stream that rules still see, beside those that have just come. */
const keptBytes = 2560;
/** A rule that has been told is told again for a match behind so many further bytes, or in the next message. */
export const chunkBytes = 2560;
/** Rules that wait for the rest of their match, and rules that are remembered as told, of one side of a flow. */
const pendingMax = 64;
const toldMax = 64;

/**
 * The recent bytes of one side of a TCP connection, copied, so that contents match over the borders of segments. A new
 * message (the other side has spoken meanwhile, or bytes are missing) begins with an empty window.
 */
export class StreamWindow {
  readonly #memory: WindowMemory;
  bytes: Uint8Array = NO_BYTES;
  /** Bytes in the window. */
  used = 0;
  /** Bytes of the stream up to the window's end. */
  total = 0;
  /** Offset in the window of the first byte that came with the present packet. */
  fresh = 0;
  /** True while bytes came with the present packet. */
  isTouched = false;
  /** What comes next begins anew. */
  isOver = false;
  /** Rules whose literal was seen and whose rest may still come. */
  readonly pending: number[] = [];
  /** By place in `pending`: the literal that the rule waits for, and up to which byte of the stream it does not stand. */
  readonly #missing: (Content | undefined)[] = [];
  readonly #absentUpTo: number[] = [];
  #told: Map<number, number> | undefined = undefined;

  constructor(memory: WindowMemory) {
    this.#memory = memory;
  }

  /** Bytes of the stream before the window. */
  get preceding(): number {
    return this.total - this.used;
  }

  /** Takes `bytes[from..to)`. Returns by how many bytes the window's memory has grown. */
  append(bytes: Uint8Array, from: number, to: number): number {
    if (this.isOver) this.#begin();
    const length = to - from;
    const before = this.bytes.length;
    if (!this.isTouched) {
      if (this.used > keptBytes) this.#forget(this.used - keptBytes);
      this.fresh = this.used;
      this.isTouched = true;
    }
    if (this.used + length > this.bytes.length) this.#grow(this.used + length);
    this.bytes.set(bytes.subarray(from, to), this.used);
    this.used += length;
    this.total += length;
    return this.bytes.length - before;
  }

  /** True when the rule was told of this message and not long ago. */
  isTold(rule: number): boolean {
    const at = this.#told?.get(rule);
    return at !== undefined && this.total - at < chunkBytes;
  }

  /** True when the rule was told of this message. */
  wasTold(rule: number): boolean {
    return this.#told?.has(rule) === true;
  }

  tell(rule: number): void {
    this.#told ??= new Map();
    this.#told.delete(rule);
    this.#told.set(rule, this.total);
    if (this.#told.size > toldMax) this.#told.delete(this.#told.keys().next().value as number);
  }

  /**
   * Remembers a rule that may be fulfilled when more bytes come: with those that hold `missing`, if that is known. False
   * when there are too many.
   */
  wait(rule: number, missing?: Content): boolean {
    let place = this.pending.indexOf(rule);
    if (place < 0) {
      if (this.pending.length >= pendingMax) return false;
      place = this.pending.push(rule) - 1;
    }
    this.#missing[place] = missing;
    this.#absentUpTo[place] = this.total;
    return true;
  }

  /** True when the rule at `place` of `pending` cannot be fulfilled by what has come since it was judged. */
  isWaiting(place: number): boolean {
    const missing = this.#missing[place];
    if (missing === undefined) return false;
    const seen = (this.#absentUpTo[place] as number) - this.preceding;
    if (seen >= this.used) return true;
    const { literal, nocase } = missing;
    if (indexOfLiteral(this.bytes, Math.max(0, seen - literal.length + 1), this.used, literal, nocase) < 0) {
      this.#absentUpTo[place] = this.total;
      return true;
    }
    this.#missing[place] = undefined;
    return false;
  }

  /** The rules are others from now on. */
  forgetRules(): void {
    if (this.pending.length > 0) {
      this.pending.length = 0;
      this.#missing.length = 0;
      this.#absentUpTo.length = 0;
    }
    this.#told?.clear();
  }

  #begin(): void {
    this.isOver = false;
    this.used = 0;
    this.fresh = 0;
    this.forgetRules();
  }

  #forget(bytes: number): void {
    this.bytes.copyWithin(0, bytes, this.used);
    this.used -= bytes;
  }

  /** The stream is over: its memory goes to other windows. Returns how much that is. */
  close(): number {
    const { length } = this.bytes;
    this.#memory.give(this.bytes);
    this.bytes = NO_BYTES;
    this.used = 0;
    return length;
  }

  #grow(bytes: number): void {
    const grown = this.#memory.take(bytes);
    grown.set(this.bytes.subarray(0, this.used));
    this.#memory.give(this.bytes);
    this.bytes = grown;
  }
}

const NO_BYTES = new Uint8Array(0);
