import { type ByteView, latin1 } from "#base/bytes.ts";
import { LineCutter } from "#base/line-cutter.ts";
import { ChunkReader } from "#protocols/mime/chunk-reader.ts";
import { lineBytesMax, type MessageReader } from "#protocols/mime/message-reader.ts";

/** Characters of one line, with its short literals, that are kept. */
const lineCharactersMax = 2048;
/** Literals up to this length become part of the line, as quoted strings. */
const textLiteralBytesMax = 512;

/** Who reads the lines of a side. */
export interface LineTaker {
  /** True when nothing more is to be read: the connection belongs to another protocol. */
  readonly halted: boolean;
  line(text: string): void;
  /** A literal of so many bytes begins behind `text`: a message's reader, or `undefined` when it is no message. */
  literal(text: string, bytes: number): MessageReader | undefined;
  /** A message is over. */
  message(reader: MessageReader, bytes: number, complete: boolean): void;
}

/** The lines of one side (RFC 9051 §2.2) with the literals inside them (§4.3). */
export class LiteralLines {
  readonly #taker: LineTaker;
  readonly #lines = new LineCutter(lineBytesMax);
  readonly #chunks = new ChunkReader();
  #text = "";
  /** Literal that is being read: its length and what is left of it. */
  #literal = 0;
  #left = 0;
  #reader: MessageReader | undefined;
  /** True while the rest of a line is passed over. */
  #lost = false;

  constructor(taker: LineTaker) {
    this.#taker = taker;
  }

  /** Takes what there is from `at` on; returns where it stopped. */
  read(view: ByteView, from: number): number {
    let at = from;
    while (at < view.end && !this.#taker.halted) {
      if (this.#left > 0) {
        const next = this.#readLiteral(view, at);
        if (next === at) break;
        at = next;
        continue;
      }
      const lines = this.#lines;
      if (!lines.next(view, at)) break;
      const start = at;
      at = lines.following;
      if (this.#lost) this.#lost = lines.goesOn;
      else this.#piece(view.bytes, start, lines);
    }
    return at;
  }

  gap(missing: number): void {
    const reader = this.#reader;
    let bytes = missing + (reader === undefined ? this.#lines.waiting : this.#chunks.waiting);
    this.#lines.reset();
    if (this.#left > 0) {
      const inside = Math.min(bytes, this.#left);
      if (reader !== undefined) this.#chunks.skip(inside, reader);
      this.#left -= inside;
      bytes -= inside;
      if (this.#left === 0) this.#endLiteral(bytes === 0);
      if (bytes === 0) return;
    }
    this.#lost = true;
    this.#text = "";
  }

  /** The literal that was announced will not come. */
  cancel(): void {
    if (this.#left === 0 || this.#left !== this.#literal) return;
    this.#left = 0;
    this.#reader = undefined;
    this.#text = "";
  }

  end(): void {
    if (this.#reader !== undefined) this.#endLiteral(false);
  }

  #piece(bytes: Uint8Array, from: number, lines: LineCutter): void {
    const room = lineCharactersMax - this.#text.length;
    this.#text += latin1(bytes, from, Math.min(lines.end, from + room));
    if (lines.goesOn) return;
    const end = latin1(bytes, Math.max(from, lines.end - 24), lines.end);
    const size = /\{(\d{1,10})\+?\}$/.exec(end);
    if (size === null) {
      const text = this.#text;
      this.#text = "";
      this.#taker.line(text);
      return;
    }
    const text = this.#text.replace(/ ?~?\{\d{1,10}\+?\}$/, "");
    this.#literal = Number(size[1]);
    this.#left = this.#literal;
    this.#reader = this.#taker.literal(text, this.#literal);
    this.#text = text;
    if (this.#reader === undefined && this.#literal <= textLiteralBytesMax) this.#append(' "');
    if (this.#reader !== undefined) this.#chunks.begin(this.#literal, true);
    if (this.#left === 0) this.#endLiteral(true);
  }

  #append(text: string): void {
    this.#text += text.slice(0, lineCharactersMax - this.#text.length);
  }

  #readLiteral(view: ByteView, at: number): number {
    const reader = this.#reader;
    if (reader === undefined) {
      const end = Math.min(view.end, at + this.#left);
      if (this.#literal <= textLiteralBytesMax) this.#append(latin1(view.bytes, at, end).replace(/["\\]/g, "\\$&"));
      this.#left -= end - at;
      if (this.#left === 0) this.#endLiteral(true);
      return end;
    }
    const next = this.#chunks.read(view, at, reader);
    this.#left = this.#chunks.left;
    if (this.#left === 0) this.#endLiteral(true);
    return next;
  }

  #endLiteral(complete: boolean): void {
    const reader = this.#reader;
    this.#reader = undefined;
    this.#left = 0;
    if (reader === undefined) {
      if (this.#literal <= textLiteralBytesMax) this.#append('"');
      return;
    }
    this.#chunks.finish(reader);
    this.#taker.message(reader, this.#literal, complete);
  }
}
