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

  u16(): number {
    const at = this.skip(2);
    return at < 0 ? 0 : this.view.getUint16(at);
  }

  u24(): number {
    const at = this.skip(3);
    return at < 0 ? 0 : (this.view.getUint16(at) << 8) | this.view.getUint8(at + 2);
  }

  u32(): number {
    const at = this.skip(4);
    return at < 0 ? 0 : this.view.getUint32(at);
  }

  u16le(): number {
    const at = this.skip(2);
    return at < 0 ? 0 : this.view.getUint16(at, true);
  }

  u24le(): number {
    const at = this.skip(3);
    return at < 0 ? 0 : this.view.getUint16(at, true) | (this.view.getUint8(at + 2) << 16);
  }

  u32le(): number {
    const at = this.skip(4);
    return at < 0 ? 0 : this.view.getUint32(at, true);
  }

  hex(bytes: number): string {
    const at = this.skip(bytes);
    return at < 0 ? "" : toHex(this.bytes, at, at + bytes);
  }

  text(bytes: number): string {
    const at = this.skip(bytes);
    return at < 0 ? "" : looseText(this.bytes, at, at + bytes);
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
