import { type ByteView, latin1 } from "#base/bytes.ts";
import { FAILED, type Parser, type ParserContext, type Side } from "#contract/parser.ts";
import { messageBytesMax, readMessage } from "./message.ts";

/** Digits of a length before a message. */
const lengthDigitsMax = 6;

/** Syslog over UDP: an event for each datagram. */
export class SyslogDatagrams implements Parser {
  protected readonly context: ParserContext;
  #transactions = 0;

  constructor(context: ParserContext) {
    this.context = context;
  }

  data(side: Side, { bytes, at, end }: ByteView): number {
    this.tell(side, bytes, at, end);
    return end - at;
  }

  gap(_side: Side, _bytes: number): boolean {
    return true;
  }

  end(): void {}

  protected tell(side: Side, bytes: Uint8Array, at: number, end: number): void {
    if (end > at) this.context.emit("syslog", side, this.#transactions++, readMessage(bytes, at, end));
  }
}

/** Syslog over TCP (RFC 6587): the length before each message, or a line end behind it. */
export class SyslogStream extends SyslogDatagrams {
  /** Bytes that are left of a message that was told, or cannot be. */
  #skip = 0;
  /** True within a line that was told, until its end. */
  #inLine = false;
  #searched = 0;

  override data(side: Side, view: ByteView): number {
    // The collector has nothing to say.
    if (side === 1) return view.length;
    let at = view.at;
    while (at < view.end) {
      const next = this.#next(side, view, at);
      if (next === FAILED) return FAILED;
      if (next === at) break;
      at = next;
    }
    return at - view.at;
  }

  /** Goes on at the next line. */
  override gap(side: Side, bytes: number): boolean {
    if (side === 1) return true;
    this.#searched = 0;
    if (this.#skip > bytes) this.#skip -= bytes;
    else {
      this.#skip = 0;
      this.#inLine = true;
    }
    return true;
  }

  /** Where the next message begins; `at` when more bytes are needed. */
  #next(side: Side, { bytes, end }: ByteView, at: number): number {
    if (this.#skip > 0) {
      const stop = Math.min(end, at + this.#skip);
      this.#skip -= stop - at;
      return stop;
    }
    const first = bytes[at] as number;
    return !this.#inLine && first >= 0x31 && first <= 0x39 ? this.#counted(side, bytes, at, end) : this.#line(side, bytes, at, end);
  }

  #counted(side: Side, bytes: Uint8Array, at: number, end: number): number {
    let digits = 0;
    while (at + digits < end && digits <= lengthDigitsMax && isDigit(bytes[at + digits] as number)) digits++;
    if (at + digits === end && digits <= lengthDigitsMax) return at;
    const length = Number(latin1(bytes, at, at + digits));
    if (digits > lengthDigitsMax || bytes[at + digits] !== 0x20) {
      this.context.anomaly(side, "malformed_data");
      return FAILED;
    }
    const start = at + digits + 1;
    // Of a long message only what is told must be there.
    if (end - start < Math.min(length, messageBytesMax + 1)) return at;
    this.tell(side, bytes, start, Math.min(end, start + Math.min(length, messageBytesMax + 1)));
    this.#skip = length + digits + 1;
    return this.#passed(at, end);
  }

  #passed(at: number, end: number): number {
    const stop = Math.min(end, at + this.#skip);
    this.#skip -= stop - at;
    return stop;
  }

  #line(side: Side, bytes: Uint8Array, at: number, end: number): number {
    let stop = at + this.#searched;
    const limit = Math.min(end, at + messageBytesMax + 1);
    if (this.#inLine) {
      while (stop < end && bytes[stop] !== 0x0a) stop++;
      this.#searched = 0;
      this.#inLine = stop === end;
      return stop === end ? end : stop + 1;
    }
    while (stop < limit && bytes[stop] !== 0x0a && bytes[stop] !== 0) stop++;
    if (stop === limit && limit - at <= messageBytesMax) {
      this.#searched = stop - at;
      return at;
    }
    this.#searched = 0;
    this.tell(side, bytes, at, stop);
    this.#inLine = stop === limit;
    return this.#inLine ? stop : stop + 1;
  }
}

const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;
