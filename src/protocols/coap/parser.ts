import type { ByteView } from "#base/bytes.ts";
import { Reader } from "#base/reader.ts";
import { Probe, type Side, type Transaction } from "#contract/parser.ts";

/** Options of one message that are read, and characters of a text that are told. */
const optionsMax = 64;
const textCharactersMax = 512;
const HEADER_BYTES = 4;
const PAYLOAD_MARKER = 0xff;

const TYPES = ["con", "non", "ack", "rst"];
const METHODS = ["", "GET", "POST", "PUT", "DELETE", "FETCH", "PATCH", "iPATCH"];

const HOST = 3;
const OBSERVE = 6;
const PATH = 11;
const FORMAT = 12;
const QUERY = 15;

/** On its port: version 1, a code that exists, and options that fill the datagram up to the payload. */
export function probe(_side: Side, window: ByteView, usualPort: boolean): Probe {
  const { bytes, at, end } = window;
  const first = bytes[at] as number;
  if (!usualPort || first >> 6 !== 1 || (first & 15) > 8 || end - at < HEADER_BYTES) return Probe.no;
  const code = bytes[at + 1] as number;
  const [kind, detail] = [code >> 5, code & 31];
  if (!(kind === 0 ? detail < METHODS.length : kind === 2 ? detail <= 8 || detail === 31 : kind === 4 || kind === 5)) return Probe.no;
  return read(window) === undefined ? Probe.no : Probe.yes;
}

/** Version, type, token length; code; message; token; options; payload (RFC 7252 §3). `undefined` when it does not fit. */
export function read(window: ByteView): Transaction | undefined {
  const reader = new Reader(window);
  const first = reader.u8();
  const code = reader.u8();
  const id = reader.u16();
  const token = reader.hex(first & 15);
  if (reader.short || first >> 6 !== 1 || (first & 15) > 8) return undefined;
  const fields: Transaction = {
    type: TYPES[(first >> 4) & 3],
    code: `${code >> 5}.${String(code & 31).padStart(2, "0")}`,
    message_id: id,
  };
  const method = code < 32 ? METHODS[code] : undefined;
  if (method) fields["method"] = method;
  if (token !== "") fields["token"] = token;
  return readOptions(fields, reader) ? fields : undefined;
}

function readOptions(fields: Transaction, reader: Reader): boolean {
  const path: string[] = [];
  const query: string[] = [];
  let number = 0;
  for (let count = 0; reader.left > 0 && count < optionsMax; count++) {
    const head = reader.u8();
    if (head === PAYLOAD_MARKER) {
      if (reader.left === 0) return false;
      fields["payload_length"] = reader.left;
      break;
    }
    number += extended(reader, head >> 4);
    const length = extended(reader, head & 15);
    if (reader.short || length > reader.left) return false;
    if (number === PATH) path.push(reader.text(length));
    else if (number === QUERY) query.push(reader.text(length));
    else if (number === HOST) fields["uri_host"] = reader.text(length).slice(0, textCharactersMax);
    else if (number === FORMAT || number === OBSERVE) fields[number === FORMAT ? "content_format" : "observe"] = unsigned(reader, length);
    else reader.skip(length);
  }
  if (path.length > 0) fields["uri_path"] = `/${path.join("/")}`.slice(0, textCharactersMax);
  if (query.length > 0) fields["uri_query"] = query.join("&").slice(0, textCharactersMax);
  return true;
}

/** 13 and 14 stand for one and two bytes more; 15 is not allowed (§3.1). */
function extended(reader: Reader, nibble: number): number {
  if (nibble < 13) return nibble;
  if (nibble === 13) return reader.u8() + 13;
  if (nibble === 14) return reader.u16() + 269;
  reader.short = true;
  return 0;
}

function unsigned(reader: Reader, length: number): number {
  let value = 0;
  for (let i = 0; i < Math.min(4, length); i++) value = value * 256 + reader.u8();
  reader.skip(length - Math.min(4, length));
  return value;
}
