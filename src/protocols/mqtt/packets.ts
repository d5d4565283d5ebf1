import type { ByteView } from "#base/bytes.ts";
import { Reader } from "#base/reader.ts";
import type { Transaction } from "#contract/parser.ts";
import { readProperties } from "./properties.ts";
import { cut, cutText } from "./text.ts";

/** Topic filters and codes of one packet that are told. */
const topicsMax = 100;

/** Packet types by number (MQTT 5 §2.1.2), as the event names them. */
export const PACKETS: readonly (string | undefined)[] = [
  undefined,
  "connect",
  "connack",
  "publish",
  "puback",
  "pubrec",
  "pubrel",
  "pubcomp",
  "subscribe",
  "suback",
  "unsubscribe",
  "unsuback",
  "pingreq",
  "pingresp",
  "disconnect",
  "auth",
];

export interface Packet {
  /** Where it stands, borrowed for the call: its first byte, and what is there of its remaining bytes. */
  readonly view: ByteView;
  readonly first: number;
  readonly at: number;
  readonly end: number;
  readonly type: number;
  readonly qos: number;
  /** Packet identifier; 0 when it has none. */
  id: number;
  /** Version that a CONNECT asks for. */
  version: number;
  readonly fields: Transaction;
  /** False when its bytes make no sense. */
  sound: boolean;
}

/**
 * Reads the packet whose first byte is `first` and whose remaining bytes are `view.bytes[at..end)`. `length` is their
 * whole number: more than is there when a long message is cut. `version` is the connection's.
 */
export function readPacket(view: ByteView, first: number, at: number, end: number, length: number, version: number): Packet {
  const reader = new Reader(view, at, end);
  const type = first >> 4;
  const qos = (first >> 1) & 3;
  const fields: Transaction = { qos, retain: (first & 1) !== 0, dup: (first & 8) !== 0 };
  const packet: Packet = { view, first, at, end, type, qos, id: 0, version: 0, fields, sound: true };
  const five = version === 5;
  if (type === 1) connect(reader, packet, fields);
  else if (type === 2) {
    fields["session_present"] = (reader.u8() & 1) !== 0;
    fields["return_code"] = reader.u8();
    if (five) properties(reader, fields);
  } else if (type === 3) publish(reader, packet, fields, five, length - (end - at));
  else if (type <= 7) {
    packet.id = fields["message_id"] = reader.u16();
    if (five) reason(reader, fields);
  } else if (type <= 11) {
    packet.id = fields["message_id"] = reader.u16();
    if (five) properties(reader, fields);
    subscription(reader, type, fields, five);
  } else if (type >= 14 && five) reason(reader, fields);
  packet.sound = !reader.short;
  return packet;
}

function properties(reader: Reader, fields: Transaction): void {
  const told = readProperties(reader);
  if (told !== undefined) fields["properties"] = told;
}

/** A reason code that is 0 when it is left out, and properties that may be left out too. */
function reason(reader: Reader, fields: Transaction): void {
  fields["reason_code"] = reader.left > 0 ? reader.u8() : 0;
  if (reader.left > 0) properties(reader, fields);
}

function connect(reader: Reader, packet: Packet, fields: Transaction): void {
  fields["protocol_string"] = cutText(reader);
  const version = reader.u8() & 0x7f;
  packet.version = version;
  fields["protocol_version"] = version;
  const flags = reader.u8();
  const has = (bit: number): boolean => (flags & bit) !== 0;
  const keepAlive = reader.u16();
  if (version === 5) properties(reader, fields);
  fields["client_id"] = cutText(reader);
  fields["flags"] = { username: has(128), password: has(64), will_retain: has(32), will: has(4), clean_session: has(2) };
  fields["keep_alive"] = keepAlive;
  if (has(4)) {
    const will: Transaction = {};
    if (version === 5) properties(reader, will);
    will["topic"] = cutText(reader);
    will["message"] = cutText(reader);
    fields["will"] = will;
  }
  if (has(128)) fields["username"] = cutText(reader);
  if (has(64)) reader.skip(reader.u16());
}

function publish(reader: Reader, packet: Packet, fields: Transaction, five: boolean, behind: number): void {
  fields["topic"] = cutText(reader);
  if (packet.qos > 0) packet.id = fields["message_id"] = reader.u16();
  if (five) properties(reader, fields);
  fields["message"] = cut(reader.bytes, reader.at, reader.end, reader.left + behind);
}

function subscription(reader: Reader, type: number, fields: Transaction, five: boolean): void {
  const told: unknown[] = [];
  while (reader.left > 0 && told.length < topicsMax) {
    if (type === 8) {
      const topic = cutText(reader);
      told.push({ topic, qos: reader.u8() & 3 });
    } else told.push(type === 10 ? cutText(reader) : reader.u8());
  }
  if (type === 9) fields["qos_granted"] = told;
  else if (type !== 11) fields["topics"] = told;
  else if (five) fields["reason_codes"] = told;
}
