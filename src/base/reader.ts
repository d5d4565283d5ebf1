import { type ByteView, toHex } from "./bytes.ts";
import { looseText } from "./loose-text.ts";

/**
 * Reads the fields of one message in turn. What would reach past the end is 0 or empty, and `short` tells of it from
 * then on, so that one look at the end suffices. Lives as long as the call that borrowed the bytes.
 */
export class Reader {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  at: number;
  end: number;
  /** True when the message had fewer bytes than were asked for. */
  short = false;

  constructor(window: ByteView, at = window.at, end = window.end) {
    this.bytes = window.bytes;
    this.view = window.view;
    this.at = at;
    this.end = end;
  }

  get left(): number {
    return this.end - this.at;
  }

  u8(): number {
    const at = this.skip(1);
    return at < 0 ? 0 : this.view.getUint8(at);
  }

  u16(little = false): number {
    const at = this.skip(2);
    return at < 0 ? 0 : this.view.getUint16(at, little);
  }

  u24(little = false): number {
    const at = this.skip(3);
    if (at < 0) return 0;
    return little
      ? this.view.getUint16(at, true) | (this.view.getUint8(at + 2) << 16)
      : (this.view.getUint8(at) << 16) | this.view.getUint16(at + 1);
  }

  u32(little = false): number {
    const at = this.skip(4);
    return at < 0 ? 0 : this.view.getUint32(at, little);
  }

  i32(little = false): number {
    const at = this.skip(4);
    return at < 0 ? 0 : this.view.getInt32(at, little);
  }

  /** A 64-bit number as far as a double tells it. */
  u64(little = false): number {
    const first = this.u32(little);
    const second = this.u32(little);
    return little ? second * 0x1_0000_0000 + first : first * 0x1_0000_0000 + second;
  }

  hex(bytes: number): string {
    const at = this.skip(bytes);
    return at < 0 ? "" : toHex(this.bytes, at, at + bytes);
  }

  /** `bytes` bytes as text, of which at most `textBytesMax` are told. */
  text(bytes: number, textBytesMax = bytes): string {
    const at = this.skip(bytes);
    return at < 0 ? "" : looseText(this.bytes, at, at + Math.min(bytes, textBytesMax));
  }

  /** Text up to a zero byte, which is passed over. */
  zeroText(textBytesMax: number): string {
    const zero = this.bytes.indexOf(0, this.at);
    if (zero < 0 || zero >= this.end) {
      this.skip(this.left + 1);
      return "";
    }
    const text = looseText(this.bytes, this.at, Math.min(zero, this.at + textBytesMax));
    this.at = zero + 1;
    return text;
  }

  /** All that is left, as text. */
  rest(textBytesMax: number): string {
    return this.text(this.left, textBytesMax);
  }

  /** Passes over `bytes` and returns where they begin, -1 when they are not there. */
  skip(bytes: number): number {
    const at = this.at;
    if (bytes < 0 || bytes > this.end - at) {
      this.short = true;
      this.at = this.end;
      return -1;
    }
    this.at = at + bytes;
    return at;
  }
}
