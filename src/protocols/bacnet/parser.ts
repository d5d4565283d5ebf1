import type { ByteView } from "#base/bytes.ts";
import { Reader } from "#base/reader.ts";
import { FAILED, type Parser, type ParserContext, Probe, type Side, type Transaction } from "#contract/parser.ts";

/** Type, function, length of all (ASHRAE 135 annex J.2). */
const HEADER_BYTES = 4;
const TYPE_IP = 0x81;
const FUNCTIONS =
  "result write_broadcast_table read_broadcast_table read_broadcast_table_ack forwarded register_foreign_device read_foreign_table read_foreign_table_ack delete_foreign_entry distribute_broadcast original_unicast original_broadcast".split(
    " ",
  );
const FORWARDED = 4;
/** Functions that carry a network message. */
const CARRYING = new Set([4, 9, 10, 11]);

const TYPES = ["confirmed_request", "unconfirmed_request", "simple_ack", "complex_ack", "segment_ack", "error", "reject", "abort"];
const CONFIRMED: { readonly [service: number]: string } = {
  1: "confirmed_cov_notification",
  2: "confirmed_event_notification",
  5: "subscribe_cov",
  6: "atomic_read_file",
  7: "atomic_write_file",
  8: "add_list_element",
  9: "remove_list_element",
  10: "create_object",
  11: "delete_object",
  12: "read_property",
  14: "read_property_multiple",
  15: "write_property",
  16: "write_property_multiple",
  17: "device_communication_control",
  20: "reinitialize_device",
  26: "read_range",
};
const UNCONFIRMED = [
  "i_am",
  "i_have",
  "unconfirmed_cov_notification",
  "unconfirmed_event_notification",
  "unconfirmed_private_transfer",
  "unconfirmed_text_message",
  "time_synchronization",
  "who_has",
  "who_is",
  "utc_time_synchronization",
];
const READ_PROPERTY = 12;
const WRITE_PROPERTY = 15;

/** Type, a known function, and a length that is the datagram's. */
export function probe({ bytes, view, at, end }: ByteView): Probe {
  if (bytes[at] !== TYPE_IP || end - at < HEADER_BYTES) return Probe.no;
  const code = bytes[at + 1] as number;
  if (code >= FUNCTIONS.length || view.getUint16(at + 2) !== end - at) return Probe.no;
  if (!CARRYING.has(code)) return end - at >= 6 || code === 2 || code === 6 ? Probe.yes : Probe.no;
  // The network layer's version follows.
  return bytes[at + HEADER_BYTES + (code === FORWARDED ? 6 : 0)] === 1 && end - at > HEADER_BYTES + 2 ? Probe.yes : Probe.no;
}

/** Reads BACnet/IP: an event for each message. */
export class BacnetParser implements Parser {
  readonly #context: ParserContext;
  #transactions = 0;

  constructor(context: ParserContext) {
    this.#context = context;
  }

  data(side: Side, window: ByteView): number {
    const { bytes, at, end } = window;
    if (end - at < HEADER_BYTES || bytes[at] !== TYPE_IP) {
      this.#context.anomaly(side, "malformed_data");
      return FAILED;
    }
    const code = bytes[at + 1] as number;
    const fields: Transaction = { bvlc_function: FUNCTIONS[code] ?? String(code) };
    if (CARRYING.has(code)) {
      const reader = new Reader(window, at + HEADER_BYTES);
      if (code === FORWARDED) reader.skip(6);
      network(fields, reader);
      if (reader.short) this.#context.anomaly(side, "malformed_data");
    }
    this.#context.emit("bacnet", side, this.#transactions++, fields);
    return end - at;
  }

  gap(): boolean {
    return true;
  }

  end(): void {}
}

/** Version, control, then where from and where to when they are elsewhere (clause 6.2). */
function network(fields: Transaction, reader: Reader): void {
  reader.u8();
  const control = reader.u8();
  if ((control & 0x20) !== 0) {
    reader.u16();
    reader.skip(reader.u8());
  }
  if ((control & 0x08) !== 0) {
    reader.u16();
    reader.skip(reader.u8());
  }
  if ((control & 0x20) !== 0) reader.u8();
  if ((control & 0x80) === 0 && !reader.short) application(fields, reader);
}

/** Clause 20.1. */
function application(fields: Transaction, reader: Reader): void {
  const first = reader.u8();
  const type = first >> 4;
  fields["pdu_type"] = TYPES[type] ?? String(type);
  if (type === 1) {
    const service = reader.u8();
    fields["service"] = UNCONFIRMED[service] ?? String(service);
    if (service === 0 && reader.left >= 5) announcement(fields, reader);
    return;
  }
  if (type === 0) reader.u8();
  fields["invoke_id"] = reader.u8();
  if (type === 4 || type > 5) return;
  // Segments are numbered.
  if ((first & 8) !== 0 && (type === 0 || type === 3)) reader.skip(2);
  const service = reader.u8();
  if (reader.short) return;
  fields["service"] = CONFIRMED[service] ?? String(service);
  if ((type === 0 || type === 3) && (service === READ_PROPERTY || service === WRITE_PROPERTY) && reader.left >= 7) property(fields, reader);
}

/** The device's object, longest message, segmentation, maker. */
function announcement(fields: Transaction, reader: Reader): void {
  if (reader.u8() !== 0xc4) return;
  fields["device"] = reader.u32() & 0x3fffff;
  reader.skip(reader.u8() & 7);
  reader.skip(reader.u8() & 7);
  const tag = reader.u8();
  if (reader.short || (tag & 0xf8) !== 0x20) return;
  fields["vendor_id"] = (tag & 7) === 1 ? reader.u8() : reader.u16();
}

/** Context tags 0 and 1: object and property. */
function property(fields: Transaction, reader: Reader): void {
  if (reader.u8() !== 0x0c) return;
  const object = reader.u32();
  fields["object_type"] = object >>> 22;
  fields["object_instance"] = object & 0x3fffff;
  const tag = reader.u8();
  if (tag === 0x19) fields["property"] = reader.u8();
  else if (tag === 0x1a) fields["property"] = reader.u16();
}
