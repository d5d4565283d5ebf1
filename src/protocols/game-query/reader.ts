import { ByteView, latin1 } from "#base/bytes.ts";
import { utf8Text } from "#base/loose-text.ts";
import { Reader } from "#base/reader.ts";

/** Longest text that is told; what is longer is cut. */
export const textBytesMax = 2048;

/** Text of bytes: UTF-8 when it is that, otherwise ISO 8859-1, as most old games write. Colour codes stay. */
export function gameText(bytes: Uint8Array, from: number, to: number): string {
  let stop = Math.min(to, from + textBytesMax);
  // A character that the limit would cut in two is left out.
  if (stop < to) while (stop > from && ((bytes[stop] as number) & 0xc0) === 0x80) stop--;
  return utf8Text(latin1(bytes, from, stop));
}

/** Reads the fields of a game's message: little-endian numbers unless told otherwise, texts as games write them. */
export class GameReader extends Reader {
  constructor(bytes: Uint8Array, view: DataView, at: number, end: number) {
    super(new ByteView(bytes, view, at, end));
  }

  static at(input: ByteView, skip: number): GameReader {
    return new GameReader(input.bytes, input.view, input.at + skip, input.end);
  }

  /** Over bytes that the caller put together. */
  static over(bytes: Uint8Array, at = 0): GameReader {
    return new GameReader(bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.length), at, bytes.length);
  }

  override u16(littleEndian = true): number {
    return super.u16(littleEndian);
  }

  override u32(littleEndian = true): number {
    return super.u32(littleEndian);
  }

  override i32(littleEndian = true): number {
    return super.i32(littleEndian);
  }

  /** A single-precision number, rounded to the millionth; what is no number is 0. */
  f32(littleEndian = true): number {
    const at = this.skip(4);
    const value = at < 0 ? 0 : this.view.getFloat32(at, littleEndian);
    return Number.isFinite(value) ? Math.round(value * 1e6) / 1e6 : 0;
  }

  /** Decimal digits of an unsigned 64-bit number. */
  digits64(littleEndian = true): string {
    const at = this.skip(8);
    return at < 0 ? "0" : this.view.getBigUint64(at, littleEndian).toString();
  }

  /** Text of the next `bytes`. */
  override text(bytes: number): string {
    const at = this.skip(bytes);
    return at < 0 ? "" : gameText(this.bytes, at, at + bytes);
  }

  /** Text up to `stop`, which is skipped; the rest when there is none, and `short` is set. */
  until(stop: number): string {
    const from = this.at;
    let to = this.bytes.indexOf(stop, from);
    if (to < 0 || to >= this.end) {
      to = this.end;
      this.short = true;
      this.at = to;
    } else this.at = to + 1;
    return gameText(this.bytes, from, to);
  }

  /** Text up to a zero byte. */
  cstring(): string {
    return this.until(0);
  }

  /** True when the next bytes are those of `text`; they are skipped then. */
  passes(text: string): boolean {
    if (!matches(this.bytes, this.at, this.end, text)) return false;
    this.at += text.length;
    return true;
  }
}

/** True when the bytes at `at` are the characters of `text`. */
export function matches(bytes: Uint8Array, at: number, end: number, text: string): boolean {
  if (end - at < text.length) return false;
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}
