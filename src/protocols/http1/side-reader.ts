import type { ByteView } from "#base/bytes.ts";
import type { Side } from "#contract/parser.ts";
import { type BodyPlan, Framing } from "./framing.ts";
import type { Head } from "./head.ts";
import { CR, headEnd, isBlank, LF, lineEnd, SPACE } from "./lines.ts";
import type { Trouble } from "./troubles.ts";

/** Bytes of a head; what lies behind is skipped up to the empty line. */
export const headBytesMax = 65_536;
/** Bytes of the line with a chunk's size. */
export const chunkLineBytesMax = 4096;
/** Pieces of a stream that are thrown away while looking for the next message behind a gap. */
export const resyncPiecesMax = 4096;

/** Where one side of a connection stands. */
const At = { head: 0, headRest: 1, length: 2, chunkSize: 3, chunkData: 4, chunkEnd: 5, trailer: 6, close: 7, search: 8 } as const;
type At = (typeof At)[keyof typeof At];

const SEMICOLON = 0x3b;

/** What comes out of one side. */
export interface MessageListener {
  /** True when nothing more is wanted: set by the listener in one of its methods. */
  readonly done: boolean;
  /** What the first bytes of a message are: a head, a body without a head (HTTP/0.9), or nothing that could be read. */
  opening(side: Side, bytes: Uint8Array, at: number, end: number): Opening;
  /** A head is complete. Answers what follows it; the head is only lent. */
  head(side: Side, head: Head): BodyPlan;
  /** Bytes of the body in their order, without the framing of chunks: the place for whoever wants to read bodies. */
  body(side: Side, bytes: Uint8Array, from: number, to: number): void;
  /** True when bytes behind the announced length belong to the body all the same. */
  takesExcess(side: Side, bytes: Uint8Array, at: number, end: number): boolean;
  /** True when the end of the connection may end the side's body. */
  endsWithClose(side: Side): boolean;
  /** Bytes that belong to the body but not to its content: the framing of chunks. */
  frame(side: Side, bytes: number): void;
  /** Bytes of the body that the capture lacks. */
  missing(side: Side, bytes: number): void;
  /** The message is complete. */
  complete(side: Side): void;
  trouble(side: Side, trouble: Trouble, why?: string): void;
  /** Bytes were lost or could not be read: what was begun on this side will not be completed. */
  lost(side: Side): void;
}

/** Answers of `opening`. */
export const Opening = { more: 0, head: 1, oneLine: 2, raw: 3, no: 4 } as const;
export type Opening = (typeof Opening)[keyof typeof Opening];

/**
 * Cuts one side of a connection into messages: head, body, head, body …
 *
 *     ┌────────────────────────────────────────────────────────────────────┐
 *     ▼                                                                    │
 *    head ─┬─ length ──────────────────────────────────────────────────────┤
 *          ├─ chunkSize → chunkData → chunkEnd → … → trailer ──────────────┤
 *          └─ close (to the end of the connection)       search (after a gap)
 */
export class SideReader {
  readonly #side: Side;
  readonly #listener: MessageListener;
  readonly #head: Head;
  #at: At = At.head;
  /** Bytes left of the body or chunk. */
  #left = 0;
  /** Bytes of an incomplete head that were searched for its end already. */
  #searched = 0;
  #pieces = 0;
  /** The beginning of the line to be skipped was skipped before. */
  #midLine = false;
  /** The beginning of an incomplete head, for the case that its end never comes. */
  #partial: Uint8Array | undefined = undefined;
  /** What follows a head that is too long. */
  #behindHead: At = At.head;

  constructor(side: Side, listener: MessageListener, head: Head) {
    this.#side = side;
    this.#listener = listener;
    this.#head = head;
  }

  /** True when a search behind a gap found nothing for so long that it was given up. */
  get hopeless(): boolean {
    return this.#pieces > resyncPiecesMax;
  }

  /** True while a body is read that only the end of the connection ends. */
  get untilClose(): boolean {
    return this.#at === At.close;
  }

  /** Bytes of the view that are done with. */
  read(view: ByteView): number {
    let at = view.at;
    while (at < view.end && !this.#listener.done) {
      const before = this.#at;
      const next = this.#step(view.bytes, at, view.end);
      if (next === at && this.#at === before) break;
      at = next;
    }
    return at - view.at;
  }

  /** `bytes` are missing behind what was read; the unread rest of a view is gone too. */
  gap(bytes: number): void {
    let rest = bytes;
    if (this.#at === At.close) this.#listener.missing(this.#side, rest);
    else if (this.#at === At.length || this.#at === At.chunkData) {
      const inside = Math.min(rest, this.#left);
      this.#left -= inside;
      rest -= inside;
      this.#listener.missing(this.#side, inside);
      if (rest > 0) this.#lose();
      else if (this.#left === 0) this.#bodyPartEnds();
    } else this.#lose();
  }

  /** The connection is over: a head without its end is told as far as it was seen. */
  end(): void {
    this.#salvage();
  }

  #lose(): void {
    this.#salvage();
    if (this.#at === At.search) return;
    this.#at = At.search;
    this.#pieces = 0;
    this.#listener.lost(this.#side);
  }

  #step(bytes: Uint8Array, at: number, end: number): number {
    switch (this.#at) {
      case At.head:
        return this.#readHead(bytes, at, end);
      case At.length:
      case At.chunkData:
        return this.#readBody(bytes, at, end);
      case At.chunkSize:
        return this.#readChunkSize(bytes, at, end);
      case At.chunkEnd:
        return this.#readChunkEnd(bytes, at, end);
      case At.close:
        this.#listener.body(this.#side, bytes, at, end);
        return end;
      case At.search:
        return this.#search(bytes, at, end);
      default:
        return this.#skipLine(bytes, at, end);
    }
  }

  #readHead(bytes: Uint8Array, at: number, end: number): number {
    // Empty lines before a message are leftovers of careless senders (RFC 9112 §2.2).
    if (bytes[at] === LF || bytes[at] === CR) return at + 1;
    const opening = this.#listener.opening(this.#side, bytes, at, end);
    if (opening === Opening.head) return this.#readWholeHead(bytes, at, end);
    if (opening === Opening.oneLine) return this.#finishHead(bytes, at, lineEnd(bytes, at, end));
    if (opening === Opening.raw) {
      this.#at = At.close;
      return at;
    }
    if (opening === Opening.no || end - at > headBytesMax) this.#lose();
    else this.#keep(bytes, at, end);
    return at;
  }

  #readWholeHead(bytes: Uint8Array, at: number, end: number): number {
    // Two bytes of the line end may have been seen before.
    const stop = headEnd(bytes, at + Math.max(0, this.#searched - 2), end);
    if (stop >= 0) return this.#finishHead(bytes, at, stop);
    this.#keep(bytes, at, end);
    if (end - at <= headBytesMax) return at;
    return this.#cutHead(bytes, at, end);
  }

  /** Copies what was not copied yet of an incomplete head. */
  #keep(bytes: Uint8Array, at: number, end: number): void {
    const size = end - at;
    let partial = this.#partial;
    if (partial === undefined || partial.length < size) {
      const grown = new Uint8Array(Math.max(512, size * 2));
      if (partial === undefined) this.#searched = 0;
      else grown.set(partial.subarray(0, this.#searched));
      partial = grown;
      this.#partial = partial;
    }
    partial.set(bytes.subarray(at + this.#searched, end), this.#searched);
    this.#searched = size;
  }

  /** Reads the complete lines of a head whose rest will not come; of the first line the complete words. */
  #salvage(): void {
    const partial = this.#partial;
    const had = this.#searched;
    let stop = had;
    this.#partial = undefined;
    this.#searched = 0;
    if (partial === undefined) return;
    while (stop > 0 && partial[stop - 1] !== LF) stop--;
    if (stop === 0) stop = secondBlank(partial, had);
    if (stop === 0) return;
    this.#head.read(partial, 0, stop);
    this.#listener.head(this.#side, this.#head);
  }

  /** Takes the complete lines of a head that is too long for its head, and skips the others. */
  #cutHead(bytes: Uint8Array, at: number, end: number): number {
    this.#listener.trouble(this.#side, "headTooLong", `no end within ${headBytesMax} bytes`);
    let stop = end;
    while (stop > at && bytes[stop - 1] !== LF) stop--;
    this.#midLine = stop === at;
    if (stop === at) stop = end;
    this.#finishHead(bytes, at, stop);
    this.#behindHead = this.#at;
    this.#at = At.headRest;
    return stop;
  }

  #finishHead(bytes: Uint8Array, at: number, stop: number): number {
    this.#searched = 0;
    this.#partial = undefined;
    this.#head.read(bytes, at, stop);
    const plan = this.#listener.head(this.#side, this.#head);
    this.#left = plan.length;
    if (plan.framing === Framing.length && plan.length > 0) this.#at = At.length;
    else if (plan.framing === Framing.chunked) this.#at = At.chunkSize;
    else if (plan.framing === Framing.close) this.#at = At.close;
    else this.#complete();
    return stop;
  }

  #complete(): void {
    this.#at = At.head;
    this.#listener.complete(this.#side);
  }

  #readBody(bytes: Uint8Array, at: number, end: number): number {
    const stop = Math.min(end, at + this.#left);
    this.#left -= stop - at;
    this.#listener.body(this.#side, bytes, at, stop);
    if (this.#left > 0) return stop;
    const behind = this.#at === At.length ? this.#excess(bytes, stop, end) : stop;
    this.#bodyPartEnds();
    return behind;
  }

  /**
   * Careless servers announce less than they send. What comes in the same piece behind the announced length and is no
   * message belongs to the body, as libhtp has it.
   */
  #excess(bytes: Uint8Array, at: number, end: number): number {
    if (at === end || !this.#listener.takesExcess(this.#side, bytes, at, end)) return at;
    this.#listener.body(this.#side, bytes, at, end);
    return end;
  }

  #bodyPartEnds(): void {
    if (this.#at === At.chunkData) this.#at = At.chunkEnd;
    else this.#complete();
  }

  /** RFC 9112 §7.1: hexadecimal size, perhaps extensions behind a semicolon. */
  #readChunkSize(bytes: Uint8Array, at: number, end: number): number {
    const stop = lineEnd(bytes, at, end);
    if (bytes[stop - 1] !== LF && end - at <= chunkLineBytesMax) return at;
    const size = chunkSize(bytes, at, stop);
    if (size === EMPTY_LINE && bytes[stop - 1] === LF) {
      this.#listener.frame(this.#side, stop - at);
      return stop;
    }
    if (size < 0) return this.#noChunk(bytes, at, end);
    if (bytes.subarray(at, stop).includes(SEMICOLON)) this.#listener.trouble(this.#side, "chunkExtension");
    this.#listener.frame(this.#side, stop - at);
    this.#left = size;
    this.#at = size === 0 ? At.trailer : At.chunkData;
    this.#midLine = bytes[stop - 1] !== LF;
    return stop;
  }

  /** There is no size: the next message begins, or the rest of what the server sends is the body, as libhtp has it. */
  #noChunk(bytes: Uint8Array, at: number, end: number): number {
    if (this.#listener.opening(this.#side, bytes, at, end) === Opening.head) {
      this.#complete();
      return at;
    }
    this.#listener.trouble(this.#side, "chunkLengthInvalid");
    if (this.#listener.endsWithClose(this.#side)) this.#at = At.close;
    else this.#lose();
    return at;
  }

  #readChunkEnd(bytes: Uint8Array, at: number, end: number): number {
    if (bytes[at] === CR && at + 1 === end) return at;
    const stop = bytes[at] === LF ? at + 1 : bytes[at] === CR && bytes[at + 1] === LF ? at + 2 : at;
    // Some senders leave the line end out; the size of the next chunk follows at once.
    this.#listener.frame(this.#side, stop - at);
    this.#at = At.chunkSize;
    return stop;
  }

  /** Lines of a trailer, or of a head that is too long: up to the empty one. */
  #skipLine(bytes: Uint8Array, at: number, end: number): number {
    if (!this.#midLine && bytes[at] === CR && at + 1 === end) return at;
    const stop = lineEnd(bytes, at, end);
    const whole = bytes[stop - 1] === LF;
    const empty = whole && !this.#midLine && (stop - at === 1 || (stop - at === 2 && bytes[at] === CR));
    this.#midLine = !whole;
    if (!empty) return stop;
    if (this.#at === At.trailer) this.#complete();
    else this.#at = this.#behindHead;
    return stop;
  }

  /** Messages usually begin where a segment begins. */
  #search(bytes: Uint8Array, at: number, end: number): number {
    const opening = this.#listener.opening(this.#side, bytes, at, end);
    if (opening === Opening.head) {
      this.#at = At.head;
      return at;
    }
    if (opening === Opening.more && end - at < headBytesMax) return at;
    this.#pieces++;
    return end;
  }
}

/** Where the second word of a line ends, 0 when it may not be complete. */
function secondBlank(bytes: Uint8Array, end: number): number {
  let words = 0;
  for (let i = 1; i < end; i++) if (isBlank(bytes[i] as number) && !isBlank(bytes[i - 1] as number) && ++words === 2) return i;
  return 0;
}

/** What stands in the place of a size is an empty line. */
const EMPTY_LINE = -2;

/** -1 when it is no size. What stands around the digits is passed over, as libhtp does. */
function chunkSize(bytes: Uint8Array, from: number, to: number): number {
  let size = 0;
  let digits = 0;
  let at = from;
  while (at < to && isSkipped(bytes[at] as number)) at++;
  if (at === to) return EMPTY_LINE;
  for (; at < to; at++, digits++) {
    const digit = hexDigit(bytes[at] as number);
    if (digit < 0) break;
    size = size * 16 + digit;
  }
  return digits === 0 || digits > 12 ? -1 : size;
}

/** Line ends, blanks and form feeds. */
const isSkipped = (byte: number): boolean => byte === SPACE || (byte >= 9 && byte <= CR);

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
