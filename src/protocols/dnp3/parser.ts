import { ByteView } from "#base/bytes.ts";
import { MessagePlace } from "#base/message-place.ts";
import type { Parser, ParserContext, Side, Transaction } from "#contract/parser.ts";
import { CONTROL, DESTINATION, frameBytes, HEADER_BYTES, headerHolds, isStart, LENGTH_MIN, SOURCE, userBytes, userData } from "./link.ts";
import { readObjects } from "./objects.ts";

/** Bytes of one message that are put together. */
export const messageBytesMax = 65_536;

/** Link functions that carry data: confirmed and unconfirmed. */
const CONFIRMED_DATA = 3;
const UNCONFIRMED_DATA = 4;
const TRANSPORT_FIN = 0x80;
const TRANSPORT_FIR = 0x40;
const CONFIRM = 0;
const RESPONSE = 129;
const UNSOLICITED = 130;

/** Indications by byte and bit, from the lowest (IEEE 1815 §4.2.2.6). */
const INDICATORS = [
  "all_stations class_1_events class_2_events class_3_events need_time local_control device_trouble device_restart".split(" "),
  "no_func_code_support object_unknown parameter_error event_buffer_overflow already_executing config_corrupt reserved_2 reserved_1".split(
    " ",
  ),
];

/** Reads DNP3: an event for each message, put together from frames. */
export class Dnp3Parser implements Parser {
  readonly #context: ParserContext;
  readonly #places: readonly [MessagePlace, MessagePlace] = [new MessagePlace(), new MessagePlace()];
  /** Segments of a message that is not whole, and how many bytes they have. */
  readonly #segments: [Uint8Array[], Uint8Array[]] = [[], []];
  readonly #lengths: [number, number] = [0, 0];
  readonly #lost: [boolean, boolean] = [false, false];
  #transactions = 0;

  constructor(context: ParserContext) {
    this.#context = context;
  }

  data(side: Side, view: ByteView): number {
    const place = this.#places[side];
    const { bytes, end } = view;
    let at = place.enter(view);
    while (at < end) {
      if (end - at < HEADER_BYTES) {
        if (isStart(bytes, at) || end - at < 2) return this.#rest(place.wait(view, at, 0), view);
        at = this.#search(side, bytes, at, end);
        continue;
      }
      const user = userBytes(bytes, at);
      if (!isStart(bytes, at) || user < 0 || !headerHolds(bytes, at)) {
        if (isStart(bytes, at)) this.#context.anomaly(side, user < 0 ? "LEN_TOO_SMALL" : "BAD_LINK_CRC", `length ${user + LENGTH_MIN}`);
        at = this.#search(side, bytes, at, end);
        continue;
      }
      const length = frameBytes(user);
      if (end - at < length) return this.#rest(place.wait(view, at, length), view);
      this.#lost[side] = false;
      this.#frame(side, view, at, user);
      at += length;
    }
    return view.length;
  }

  /** A missing piece of a message spoils that message; the next frame is found by its start. */
  gap(side: Side, bytes: number): boolean {
    this.#forget(side);
    if (!this.#places[side].gap(bytes)) this.#lost[side] = true;
    return true;
  }

  end(): void {}

  /** A datagram never goes on. */
  #rest(consumed: number, view: ByteView): number {
    return this.#context.transport === "udp" ? view.length : consumed;
  }

  /** Where the next start bytes may stand. */
  #search(side: Side, bytes: Uint8Array, at: number, end: number): number {
    if (!isStart(bytes, at) && !this.#lost[side]) this.#context.anomaly(side, "MALFORMED");
    this.#lost[side] = true;
    for (let i = at + 1; i < end; i++) if (bytes[i] === 0x05 && (i + 1 === end || bytes[i + 1] === 0x64)) return i;
    return end;
  }

  #frame(side: Side, { bytes, view }: ByteView, at: number, user: number): void {
    const control = bytes[at + CONTROL] as number;
    const code = control & 15;
    // Only the one who begins an exchange sends data.
    if ((control & 0x40) === 0 || (code !== CONFIRMED_DATA && code !== UNCONFIRMED_DATA) || user < 2) return;
    const data = userData(bytes, at, user);
    if (data === undefined) {
      this.#context.anomaly(side, "BAD_TRANSPORT_CRC");
      this.#forget(side);
      return;
    }
    const transport = data[0] as number;
    if ((transport & TRANSPORT_FIR) !== 0) this.#forget(side);
    else if (this.#lengths[side] === 0) return;
    this.#segments[side].push(data.subarray(1));
    this.#lengths[side] += user - 1;
    if (this.#lengths[side] > messageBytesMax) this.#forget(side);
    if ((transport & TRANSPORT_FIN) === 0 || this.#lengths[side] < 2) return;
    const link: Transaction = {
      control: {
        dir: (control & 0x80) !== 0,
        pri: true,
        fcb: (control & 0x20) !== 0,
        fcv: (control & 0x10) !== 0,
        function_code: code,
      },
      src: view.getUint16(at + SOURCE, true),
      dst: view.getUint16(at + DESTINATION, true),
    };
    this.#message(side, link, joined(this.#segments[side], this.#lengths[side]));
    this.#forget(side);
  }

  #forget(side: Side): void {
    this.#segments[side] = [];
    this.#lengths[side] = 0;
  }

  #message(side: Side, link: Transaction, bytes: Uint8Array): void {
    const control = bytes[0] as number;
    const code = bytes[1] as number;
    // Confirmations say nothing more; Suricata does not tell them either.
    if (code === CONFIRM) return;
    const isResponse = code === RESPONSE || code === UNSOLICITED;
    if (isResponse && bytes.length < 4) {
      this.#context.anomaly(side, "MALFORMED");
      return;
    }
    const objects = readObjects(ByteView.over(bytes), isResponse ? 4 : 2, code);
    if (objects.unknown) this.#context.anomaly(side, "UNKNOWN_OBJECT");
    else if (!objects.complete) this.#context.anomaly(side, "MALFORMED");
    const application: Transaction = {
      control: {
        fir: (control & 0x80) !== 0,
        fin: (control & 0x40) !== 0,
        con: (control & 0x20) !== 0,
        uns: (control & 0x10) !== 0,
        sequence: control & 15,
      },
      function_code: code,
    };
    if (objects.list.length > 0) application["objects"] = objects.list;
    application["complete"] = objects.complete;
    const type = code === UNSOLICITED ? "unsolicited_response" : isResponse ? "response" : "request";
    const fields: Transaction = { type, ...link, application };
    if (isResponse) fields["iin"] = indications(bytes);
    const txId = this.#transactions++;
    const { rules } = this.#context;
    if (rules?.wants("dnp3.data") === true) rules.value("dnp3.data", side, txId, bytes, 0, bytes.length);
    this.#context.emit("dnp3", side, txId, fields);
  }
}

function joined(segments: readonly Uint8Array[], length: number): Uint8Array {
  const all = new Uint8Array(length);
  let at = 0;
  for (const segment of segments) {
    all.set(segment, at);
    at += segment.length;
  }
  return all;
}

function indications(bytes: Uint8Array): Transaction {
  const indicators: string[] = [];
  for (const [index, names] of INDICATORS.entries())
    for (let bit = 7; bit >= 0; bit--) if ((((bytes[2 + index] as number) >> bit) & 1) !== 0) indicators.push(names[bit] as string);
  return indicators.length > 0 ? { indicators } : {};
}
