import type { ByteView } from "#base/bytes.ts";
import { MessagePlace } from "#base/message-place.ts";
import { Reader } from "#base/reader.ts";
import { FAILED, type Parser, type ParserContext, Probe, type Side, type Transaction } from "#contract/parser.ts";
import { readServices } from "./cip.ts";

/** Command, length, session, status, sender's context, options (CIP volume 2 §2-3). */
const HEADER_BYTES = 24;
const LENGTH = 2;
const SESSION = 4;
const STATUS = 8;
const OPTIONS = 20;
/** Items of one message that are read. */
const itemsMax = 8;

const COMMANDS: { readonly [command: number]: string } = {
  0: "NOP",
  4: "ListServices",
  99: "ListIdentity",
  100: "ListInterfaces",
  101: "RegisterSession",
  102: "UnRegisterSession",
  111: "SendRRData",
  112: "SendUnitData",
  114: "IndicateStatus",
  115: "Cancel",
};
/** Numbers of commands by name. */
export const commandNumbers: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries(COMMANDS).map(([number, name]) => [name, Number(number)]),
);
const LIST_IDENTITY = 0x63;
const SEND_RR_DATA = 0x6f;
const SEND_UNIT_DATA = 0x70;
/** Highest status that is defined. */
const STATUS_MAX = 0x69;

const IDENTITY_ITEM = 0x0c;
const CONNECTED_ITEM = 0xb1;
const UNCONNECTED_ITEM = 0xb2;

/** Lengths that commands without or with little data have. */
function fits(command: number, length: number): boolean {
  if (command === 0x65) return length === 4;
  if (command === SEND_RR_DATA || command === SEND_UNIT_DATA) return length >= 8;
  return command !== 0x66 || length === 0;
}

/** A known command with a length that fits, a defined status and no options. */
export function probe(_side: Side, { view, at, end }: ByteView, usualPort: boolean): Probe {
  const left = end - at;
  if (left >= 2 && (COMMANDS[view.getUint16(at, true)] === undefined || (view.getUint16(at, true) === 0 && !usualPort))) return Probe.no;
  if (left >= 4 && !fits(view.getUint16(at, true), view.getUint16(at + LENGTH, true))) return Probe.no;
  if (left >= 12 && view.getUint32(at + STATUS, true) > STATUS_MAX) return Probe.no;
  if (left < HEADER_BYTES) return Probe.more;
  if (view.getUint32(at + OPTIONS) !== 0) return Probe.no;
  return usualPort || view.getUint16(at + LENGTH, true) <= left - HEADER_BYTES ? Probe.yes : Probe.maybe;
}

/** Reads EtherNet/IP: an event for each message. */
export class EnipParser implements Parser {
  readonly #context: ParserContext;
  readonly #places: readonly [MessagePlace, MessagePlace] = [new MessagePlace(), new MessagePlace()];
  #transactions = 0;

  constructor(context: ParserContext) {
    this.#context = context;
  }

  data(side: Side, window: ByteView): number {
    const { view, end } = window;
    const place = this.#places[side];
    let at = place.enter(window);
    while (at < end) {
      if (end - at < HEADER_BYTES) return this.#rest(place.wait(window, at, 0), window);
      const command = view.getUint16(at, true);
      if (COMMANDS[command] === undefined || view.getUint32(at + OPTIONS) !== 0) {
        this.#context.anomaly(side, "malformed_data");
        return FAILED;
      }
      const length = HEADER_BYTES + view.getUint16(at + LENGTH, true);
      if (end - at < length) return this.#rest(place.wait(window, at, length), window);
      this.#tell(side, window, command, at, at + length);
      at += length;
    }
    return window.length;
  }

  gap(side: Side, bytes: number): boolean {
    return this.#places[side].gap(bytes);
  }

  end(): void {}

  /** A datagram never goes on. */
  #rest(consumed: number, view: ByteView): number {
    return this.#context.transport === "udp" ? view.length : consumed;
  }

  #tell(side: Side, window: ByteView, command: number, at: number, end: number): void {
    const { view } = window;
    const fields: Transaction = {
      command: COMMANDS[command],
      session: view.getUint32(at + SESSION, true),
      status: view.getUint32(at + STATUS, true),
    };
    const reader = new Reader(window, at + HEADER_BYTES, end);
    if (command === SEND_RR_DATA || command === SEND_UNIT_DATA) reader.skip(6);
    if ((command === SEND_RR_DATA || command === SEND_UNIT_DATA || command === LIST_IDENTITY) && reader.left > 0) items(fields, reader);
    if (reader.short) this.#context.anomaly(side, "malformed_data");
    const txId = this.#transactions++;
    const { rules } = this.#context;
    const serial = (fields["identity"] as { readonly serial: string } | undefined)?.serial;
    if (serial !== undefined) rules?.number("enip.serial", side, txId, Number.parseInt(serial, 16));
    this.#context.emit("enip", side, txId, fields);
  }
}

/** The common packet format: a count, then type, length and data of each item. */
function items(fields: Transaction, reader: Reader): void {
  const count = reader.u16(true);
  for (let i = 0; i < Math.min(count, itemsMax) && !reader.short; i++) {
    const type = reader.u16(true);
    const length = reader.u16(true);
    const end = reader.end;
    if (length > reader.left) {
      reader.short = true;
      return;
    }
    reader.end = reader.at + length;
    if (type === IDENTITY_ITEM) identity(fields, reader);
    else if (type === UNCONNECTED_ITEM || type === CONNECTED_ITEM) {
      if (type === CONNECTED_ITEM) reader.u16(true);
      const services = readServices(reader);
      if (services.length > 0) fields["cip"] = services;
    }
    reader.at = reader.end;
    reader.end = end;
  }
}

/** Version, socket address, then who the device is (§2-4.2.3). */
function identity(fields: Transaction, reader: Reader): void {
  reader.skip(18);
  const vendor = reader.u16(true);
  const device = reader.u16(true);
  const product = reader.u16(true);
  const revision = `${reader.u8()}.${reader.u8()}`;
  const status = reader.u16(true);
  const serial = reader.u32(true).toString(16).padStart(8, "0");
  const name = reader.text(reader.u8());
  if (reader.short) return;
  fields["identity"] = { vendor_id: vendor, device_type: device, product_code: product, revision, status, serial, product_name: name };
}
