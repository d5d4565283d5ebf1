import { ipv6Text } from "#base/address.ts";
import { type ByteView, toHex } from "#base/bytes.ts";
import { looseText } from "#base/loose-text.ts";
import { FAILED, type Parser, type ParserContext, Probe, type Side, type Transaction } from "#contract/parser.ts";
import { colons, labels } from "./options.ts";

/** Relays around a message that are looked through (RFC 8415 §19.1.2). */
const relaysMax = 8;
/** Options of one message that are read, those within options too. */
const optionsMax = 128;
/** Values of one list that are told. */
const listMax = 16;

const TYPES = [
  "",
  "solicit",
  "advertise",
  "request",
  "confirm",
  "renew",
  "rebind",
  "reply",
  "release",
  "decline",
  "reconfigure",
  "information_request",
  "relay_forw",
  "relay_repl",
];
const RELAY_FORW = 12;
const RELAY_REPL = 13;
const HEADER_BYTES = 4;
const RELAY_HEADER_BYTES = 34;
const RELAY_MESSAGE = 9;

const headerBytes = (type: number): number => (type >= RELAY_FORW ? RELAY_HEADER_BYTES : HEADER_BYTES);

/** Its ports, a known type, and options that fill the datagram to its end. */
export function probe6(_side: Side, { bytes, view, at, end }: ByteView, usualPort: boolean): Probe {
  const type = bytes[at] as number;
  if (!usualPort || type === 0 || type > RELAY_REPL || end - at < headerBytes(type)) return Probe.no;
  let next = at + headerBytes(type);
  if (next === end) return Probe.maybe;
  while (next + 4 <= end) next += 4 + view.getUint16(next + 2);
  return next === end ? Probe.yes : Probe.no;
}

/** Reads DHCPv6: an event for each message. */
export class Dhcpv6Parser implements Parser {
  readonly #context: ParserContext;
  #transactions = 0;

  constructor(context: ParserContext) {
    this.#context = context;
  }

  data(side: Side, window: ByteView): number {
    const fields: Transaction = {};
    if (!readMessage(fields, window)) {
      this.#context.anomaly(side, "malformed_data");
      if (fields["id"] === undefined) return FAILED;
    }
    this.#context.emit("dhcpv6", side, this.#transactions++, fields);
    return window.length;
  }

  gap(): boolean {
    return true;
  }

  end(): void {}
}

/** False when options do not fit; without `id` when there is no message. */
function readMessage(fields: Transaction, window: ByteView): boolean {
  const { bytes, view } = window;
  let { at, end } = window;
  for (let relays = 0; relays <= relaysMax; relays++) {
    const type = at < end ? (bytes[at] as number) : 0;
    if (type === 0 || type > RELAY_REPL || end - at < headerBytes(type)) return false;
    if (type < RELAY_FORW) {
      fields["type"] = TYPES[type];
      fields["id"] = view.getUint32(at) & 0xffffff;
      return readOptions(fields, window, at + HEADER_BYTES, end, { left: optionsMax });
    }
    fields["relay_type"] ??= TYPES[type];
    fields["link_address"] ??= addressAt(view, at + 2);
    fields["peer_address"] ??= addressAt(view, at + 18);
    let next = at + RELAY_HEADER_BYTES;
    while (next + 4 <= end && view.getUint16(next) !== RELAY_MESSAGE) next += 4 + view.getUint16(next + 2);
    if (next + 4 > end || next + 4 + view.getUint16(next + 2) > end) return false;
    at = next + 4;
    end = at + view.getUint16(next + 2);
  }
  return false;
}

const addressAt = (view: DataView, at: number): string =>
  ipv6Text(view.getUint32(at), view.getUint32(at + 4), view.getUint32(at + 8), view.getUint32(at + 12));

function readOptions(fields: Transaction, window: ByteView, at: number, end: number, budget: { left: number }): boolean {
  for (; at + 4 <= end; ) {
    if (budget.left-- <= 0) break;
    const option = window.view.getUint16(at);
    const stop = at + 4 + window.view.getUint16(at + 2);
    if (stop > end) return false;
    if (!tell(fields, window, option, at + 4, stop, budget)) return false;
    at = stop;
  }
  return at === end || budget.left <= 0;
}

/** RFC 8415 §21; false when the options inside do not fit. */
function tell(fields: Transaction, window: ByteView, option: number, at: number, end: number, budget: { left: number }): boolean {
  const { bytes, view } = window;
  const length = end - at;
  switch (option) {
    case 1:
      fields["client_id"] = toHex(bytes, at, end);
      // DUID-LLT (with a time) and DUID-LL of Ethernet hold a hardware address.
      if (length === 14 && view.getUint32(at) === 0x00010001) fields["client_mac"] = colons(bytes, at + 8, end);
      else if (length === 10 && view.getUint32(at) === 0x00030001) fields["client_mac"] = colons(bytes, at + 4, end);
      return true;
    case 2:
      fields["server_id"] = toHex(bytes, at, end);
      return true;
    case 3: // IA_NA, IA_PD: number, two times; IA_TA: number only; then options
    case 25:
      return length < 12 || readOptions(fields, window, at + 12, end, budget);
    case 4:
      return length < 4 || readOptions(fields, window, at + 4, end, budget);
    case 5:
      if (length < 24) return true;
      fields["address"] ??= addressAt(view, at);
      add(fields, "addresses", addressAt(view, at));
      lifetimes(fields, view, at + 16);
      return readOptions(fields, window, at + 24, end, budget);
    case 26:
      if (length < 25) return true;
      add(fields, "prefixes", `${addressAt(view, at + 9)}/${bytes[at + 8]}`);
      lifetimes(fields, view, at);
      return readOptions(fields, window, at + 25, end, budget);
    default:
      tellPlain(fields, bytes, view, option, at, end);
      return true;
  }
}

function tellPlain(fields: Transaction, bytes: Uint8Array, view: DataView, option: number, at: number, end: number): void {
  const length = end - at;
  if (option === 6) for (let i = at; i + 2 <= end; i += 2) add(fields, "params", view.getUint16(i), 128);
  else if (option === 13 && length >= 2) {
    fields["status_code"] = view.getUint16(at);
    if (length > 2) fields["message"] = looseText(bytes, at + 2, end);
  } else if (option === 16 && length > 6) fields["vendor_class"] = looseText(bytes, at + 6, Math.min(end, at + 6 + view.getUint16(at + 4)));
  else if (option === 23) for (let i = at; i + 16 <= end; i += 16) add(fields, "dns_servers", addressAt(view, i));
  else if (option === 24)
    for (let i = at, count = 0; i < end && count < listMax; count++) {
      const { name, next } = labels(bytes, i, end);
      add(fields, "domains", name);
      i = next;
    }
  else if (option === 39 && length > 1) fields["client_fqdn"] = labels(bytes, at + 1, end).name;
}

function lifetimes(fields: Transaction, view: DataView, at: number): void {
  fields["preferred_lifetime"] ??= view.getUint32(at);
  fields["valid_lifetime"] ??= view.getUint32(at + 4);
}

function add(fields: Transaction, name: string, value: unknown, most = listMax): void {
  const values = fields[name] as unknown[] | undefined;
  if (values === undefined) fields[name] = [value];
  else if (values.length < most) values.push(value);
}
