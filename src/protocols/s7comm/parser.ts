import type { ByteView } from "#base/bytes.ts";
import { MessagePlace } from "#base/message-place.ts";
import { FAILED, FINISHED, type Parser, type ParserContext, Probe, type Side, type Transaction } from "#contract/parser.ts";
import { readMessage } from "./message.ts";

/** TPKT (RFC 1006 §6): version 3, reserved, length; then COTP's own length and type (RFC 905 §13). */
const HEADER_BYTES = 4;
const LENGTH_MIN = 7;
const CONNECT = 0xe0;
const CONFIRM = 0xd0;
const DATA = 0xf0;
const S7 = 0x32;

/** A packet of the ISO transport on its usual port: a connection, its confirmation, or data of S7. */
export function probe(_side: Side, { bytes, view, at, end }: ByteView, usualPort: boolean): Probe {
  if (!usualPort || (at < end && bytes[at] !== 3) || (at + 1 < end && bytes[at + 1] !== 0)) return Probe.no;
  if (end - at < 8) return Probe.more;
  const length = view.getUint16(at + 2);
  const own = bytes[at + 4] as number;
  const type = (bytes[at + 5] as number) & 0xf0;
  if (length < LENGTH_MIN || own + 1 > length - HEADER_BYTES) return Probe.no;
  if (type === DATA) return own === 2 && bytes[at + 5] === DATA && ((bytes[at + 6] as number) & 0x7f) === 0 ? Probe.yes : Probe.no;
  return (type === CONNECT || type === CONFIRM) && own + 5 === length && own >= 6 ? Probe.yes : Probe.no;
}

/** Length of the packet at `at`; -1 when there is none. */
const packetBytes = (view: DataView, at: number): number =>
  view.getUint16(at) === 0x0300 && view.getUint16(at + 2) >= LENGTH_MIN ? view.getUint16(at + 2) : -1;

/** Reads the transport's connection until data tells what it carries. */
export class CotpParser implements Parser {
  readonly #context: ParserContext;
  readonly #places: readonly [MessagePlace, MessagePlace] = [new MessagePlace(), new MessagePlace()];

  constructor(context: ParserContext) {
    this.#context = context;
  }

  data(side: Side, window: ByteView): number {
    const { bytes, view, end } = window;
    const place = this.#places[side];
    let at = place.enter(window);
    while (at < end) {
      if (end - at < 8) return place.wait(window, at, 0);
      const length = packetBytes(view, at);
      if (length < 0) return FAILED;
      if (end - at < Math.min(length, 9)) return place.wait(window, at, length);
      if (((bytes[at + 5] as number) & 0xf0) === DATA && length > LENGTH_MIN) {
        // MMS begins with a session's connect or accept (ISO 8327).
        const first = bytes[at + 7];
        this.#context.handOver(first === S7 ? "s7comm" : first === 0x0d || first === 0x0e || first === 0x01 ? "mms" : undefined);
        return at - window.at;
      }
      at = place.skip(window, at, length);
    }
    return window.length;
  }

  gap(side: Side, bytes: number): boolean {
    return this.#places[side].gap(bytes);
  }

  end(): void {}
}

/** MMS is named, not read. */
export class MmsParser implements Parser {
  data(): number {
    return FINISHED;
  }

  gap(): boolean {
    return false;
  }

  end(): void {}
}

/** Reads S7: an event for each message. */
export class S7Parser implements Parser {
  readonly #context: ParserContext;
  readonly #places: readonly [MessagePlace, MessagePlace] = [new MessagePlace(), new MessagePlace()];
  #transactions = 0;

  constructor(context: ParserContext) {
    this.#context = context;
  }

  data(side: Side, window: ByteView): number {
    const { bytes, view, end } = window;
    const place = this.#places[side];
    let at = place.enter(window);
    while (at < end) {
      if (end - at < HEADER_BYTES) return place.wait(window, at, 0);
      const length = packetBytes(view, at);
      if (length < 0) {
        this.#context.anomaly(side, "malformed_data");
        return FAILED;
      }
      if (end - at < length) return place.wait(window, at, length);
      const start = at + HEADER_BYTES + 1 + (bytes[at + 4] as number);
      if (bytes[at + 5] === DATA && start < at + length && bytes[start] === S7) this.#tell(side, window, start, at + length);
      at += length;
    }
    return window.length;
  }

  gap(side: Side, bytes: number): boolean {
    return this.#places[side].gap(bytes);
  }

  end(): void {}

  #tell(side: Side, window: ByteView, at: number, end: number): void {
    const fields: Transaction | undefined = readMessage(window, at, end);
    if (fields === undefined) this.#context.anomaly(side, "malformed_data");
    else this.#context.emit("s7comm", side, this.#transactions++, fields);
  }
}
