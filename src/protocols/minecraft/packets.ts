import { gameText, matches } from "#protocols/game-query/reader.ts";

/** Longest number of seven bits a byte. */
const varintBytesMax = 5;

/** Reads packets' numbers, texts and bytes; past the end, `short` is set and the answer is empty. */
export class PacketReader {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly end: number;
  at: number;
  short = false;

  constructor(bytes: Uint8Array, view: DataView, at: number, end: number) {
    this.bytes = bytes;
    this.view = view;
    this.at = at;
    this.end = end;
  }

  get left(): number {
    return this.end - this.at;
  }

  /** A signed number of 32 bits in groups of seven, the lowest first. */
  varint(): number {
    let value = 0;
    for (let i = 0; i < varintBytesMax; i++) {
      if (this.at >= this.end) break;
      const byte = this.bytes[this.at++] as number;
      value |= (byte & 0x7f) << (7 * i);
      if (byte < 0x80) return value;
    }
    this.short = true;
    return 0;
  }

  u16(): number {
    if (this.left < 2) {
      this.short = true;
      return 0;
    }
    this.at += 2;
    return this.view.getUint16(this.at - 2);
  }

  /** A text behind its length, of at most `bytesMax`. */
  text(bytesMax: number): string {
    const length = this.varint();
    if (this.short || length < 0 || length > bytesMax || length > this.left) {
      this.short = true;
      return "";
    }
    this.at += length;
    return gameText(this.bytes, this.at - length, this.at);
  }
}

/** Text of two bytes a letter, the higher first. */
export function wideText(view: DataView, at: number, letters: number): string {
  let text = "";
  for (let i = 0; i < letters; i++) text += String.fromCharCode(view.getUint16(at + 2 * i));
  return text.isWellFormed() ? text : text.toWellFormed();
}

/** The beginning of a server's answer to a question about its status. */
export const isJson = (bytes: Uint8Array, at: number, end: number): boolean => matches(bytes, at, end, '{"');
