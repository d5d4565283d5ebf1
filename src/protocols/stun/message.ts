import { ipv4Text, ipv6Text } from "#base/address.ts";
import { toHex } from "#base/bytes.ts";
import { looseText } from "#base/loose-text.ts";
import type { Transaction } from "#contract/parser.ts";
import { COOKIE, HEADER_BYTES } from "./probe.ts";

/** Attributes of one message that are read, and bytes of a text that are told. */
const attributesMax = 64;
const textBytesMax = 256;

const METHODS: { readonly [method: number]: string } = {
  1: "binding",
  2: "shared_secret",
  3: "allocate",
  4: "refresh",
  6: "send",
  7: "data",
  8: "create_permission",
  9: "channel_bind",
  10: "connect",
  11: "connection_bind",
  12: "connection_attempt",
};
const CLASSES = ["request", "indication", "success", "error"];

/** Texts by attribute type. */
const TEXTS: { readonly [type: number]: string } = { 6: "username", 20: "realm", 32802: "software" };
/** Addresses: as they stand, or mixed with the cookie. */
const PLAIN: { readonly [type: number]: string } = { 1: "mapped", 32803: "alternate_server" };
const MIXED: { readonly [type: number]: string } = { 32: "mapped", 32800: "mapped", 18: "peer", 22: "relayed" };

/** Reads the message `bytes[at..end)`; false in `sound` when its attributes do not fit. */
export function readMessage(bytes: Uint8Array, view: DataView, at: number, end: number): { fields: Transaction; sound: boolean } {
  const type = view.getUint16(at);
  // Bits of the class stand between those of the method (RFC 8489 §5).
  const method = (type & 0x000f) | ((type & 0x00e0) >> 1) | ((type & 0x3e00) >> 2);
  const isClassic = view.getUint32(at + 4) !== COOKIE;
  const fields: Transaction = {
    method: METHODS[method] ?? String(method),
    class: CLASSES[((type & 0x100) >> 7) | ((type & 0x10) >> 4)],
    transaction_id: toHex(bytes, at + (isClassic ? 4 : 8), at + HEADER_BYTES),
  };
  if (isClassic) fields["classic"] = true;
  let next = at + HEADER_BYTES;
  for (let count = 0; next + 4 <= end && count < attributesMax; count++) {
    const length = view.getUint16(next + 2);
    if (length > end - next - 4) return { fields, sound: false };
    tell(fields, bytes, view, view.getUint16(next), next + 4, next + 4 + length, at);
    // RFC 3489 asks for lengths that need no padding.
    next += 4 + (isClassic ? length : (length + 3) & ~3);
  }
  return { fields, sound: next >= end };
}

function tell(fields: Transaction, bytes: Uint8Array, view: DataView, type: number, at: number, end: number, message: number): void {
  const length = end - at;
  const text = TEXTS[type];
  if (text !== undefined) fields[text] = looseText(bytes, at, Math.min(end, at + textBytesMax)).replace(/\0+$/, "");
  else if (PLAIN[type] !== undefined) address(fields, PLAIN[type], view, at, length, -1);
  else if (MIXED[type] !== undefined) address(fields, MIXED[type], view, at, length, message + 4);
  else if (type === 0x09 && length >= 4) {
    fields["error_code"] = (view.getUint8(at + 2) & 7) * 100 + view.getUint8(at + 3);
    if (length > 4) fields["reason"] = looseText(bytes, at + 4, Math.min(end, at + textBytesMax));
  } else if (type === 0x0c && length >= 2) fields["channel"] = view.getUint16(at);
  else if (type === 0x0d && length >= 4) fields["lifetime"] = view.getUint32(at);
  else if (type === 0x24 && length >= 4) fields["priority"] = view.getUint32(at);
  else if (type === 0x25) fields["use_candidate"] = true;
  else if (type === 0x8029) fields["role"] = "controlled";
  else if (type === 0x802a) fields["role"] = "controlling";
}

/** Family, port, address; mixed with what stands at `mix` (cookie and transaction), unless that is -1. */
function address(fields: Transaction, name: string, view: DataView, at: number, length: number, mix: number): void {
  const family = length >= 8 ? view.getUint8(at + 1) : 0;
  if (!(family === 1 && length >= 8) && !(family === 2 && length >= 20)) return;
  const word = (i: number): number => (view.getUint32(at + 4 + i) ^ (mix < 0 ? 0 : view.getUint32(mix + i))) >>> 0;
  const port = view.getUint16(at + 2) ^ (mix < 0 ? 0 : view.getUint16(mix));
  fields[name] = { ip: family === 1 ? ipv4Text(word(0)) : ipv6Text(word(0), word(4), word(8), word(12)), port };
}
