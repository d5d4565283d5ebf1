import type { ByteView } from "./bytes.ts";
import { looseText } from "./loose-text.ts";

/**
 * Reads fields one behind the other inside `[at, end)` of a borrowed view. Reading past `end` gives zeros and empty
 * texts and sets `short`, so that a parser checks once, behind the last field.
 */
export class FieldReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  at: number;
  readonly end: number;
  /** True when a field reached beyond the end. */
  short = false;

  constructor(view: ByteView, at: number, end: number) {
    this.#bytes = view.bytes;
    this.#view = view.view;
    this.at = at;
    this.end = end;
  }

  get left(): number {
    return this.end - this.at;
  }

  /** Moves over `count` bytes and returns where they begin; -1 when there are fewer. */
  take(count: number): number {
    if (count < 0 || count > this.end - this.at) {
      this.short = true;
      this.at = this.end;
      return -1;
    }
    const at = this.at;
    this.at += count;
    return at;
  }

  u8(): number {
    const at = this.take(1);
    return at < 0 ? 0 : this.#view.getUint8(at);
  }

  u16(little = false): number {
    const at = this.take(2);
    return at < 0 ? 0 : this.#view.getUint16(at, little);
  }

  u24(little = false): number {
    const at = this.take(3);
    if (at < 0) return 0;
    return little
      ? this.#view.getUint16(at, true) | (this.#view.getUint8(at + 2) << 16)
      : (this.#view.getUint8(at) << 16) | this.#view.getUint16(at + 1);
  }

  u32(little = false): number {
    const at = this.take(4);
    return at < 0 ? 0 : this.#view.getUint32(at, little);
  }

  i32(little = false): number {
    const at = this.take(4);
    return at < 0 ? 0 : this.#view.getInt32(at, little);
  }

  /** A 64-bit number as far as a double tells it. */
  u64(little = false): number {
    const first = this.u32(little);
    const second = this.u32(little);
    return little ? second * 0x1_0000_0000 + first : first * 0x1_0000_0000 + second;
  }

  /** `count` bytes as text, of which at most `textBytesMax` are told. */
  text(count: number, textBytesMax: number): string {
    const at = this.take(count);
    return at < 0 ? "" : looseText(this.#bytes, at, at + Math.min(count, textBytesMax));
  }

  /** Text up to a zero byte, which is passed over. */
  zeroText(textBytesMax: number): string {
    const zero = this.#bytes.indexOf(0, this.at);
    if (zero < 0 || zero >= this.end) {
      this.short = true;
      this.at = this.end;
      return "";
    }
    const text = looseText(this.#bytes, this.at, Math.min(zero, this.at + textBytesMax));
    this.at = zero + 1;
    return text;
  }

  /** All that is left, as text. */
  rest(textBytesMax: number): string {
    return this.text(this.left, textBytesMax);
  }
}
