import { ipv4Text } from "#base/address.ts";
import { ByteCache } from "#base/byte-cache.ts";
import { type ByteView, toHex } from "#base/bytes.ts";
import { looseText } from "#base/loose-text.ts";
import type { Transaction } from "#contract/parser.ts";

/** Addresses of one option that are told. */
const addressesMax = 16;
/** Options of one message that are read. */
const optionsMax = 128;

const TYPES = ["", "discover", "offer", "request", "decline", "ack", "nak", "release", "inform", "forcerenew", "leasequery"];

/** Options that Suricata names in `params`. */
const PARAMS: { readonly [option: number]: string } = {
  1: "subnet_mask",
  3: "router",
  6: "dns_server",
  15: "domain",
  35: "arp_timeout",
  42: "ntp_server",
  66: "tftp_server_name",
  150: "tftp_server_ip",
};

/** How a value is told: an address, several, seconds, text. */
const SIMPLE: { readonly [option: number]: readonly [how: "address" | "addresses" | "seconds" | "text", name: string] } = {
  1: ["address", "subnet_mask"],
  3: ["addresses", "routers"],
  6: ["addresses", "dns_servers"],
  12: ["text", "hostname"],
  15: ["text", "domain"],
  42: ["addresses", "ntp_servers"],
  50: ["address", "requested_ip"],
  51: ["seconds", "lease_time"],
  54: ["address", "server_id"],
  56: ["text", "message"],
  58: ["seconds", "renewal_time"],
  59: ["seconds", "rebinding_time"],
  60: ["text", "vendor_class_identifier"],
  66: ["text", "tftp_server_name"],
  67: ["text", "boot_file"],
  77: ["text", "user_class"],
};

/** Adds what the options of `view.bytes[at..end)` say to the event (RFC 2132). */
export function readOptions(fields: Transaction, window: ByteView, at: number, end: number): { overload: number; sound: boolean } {
  const { bytes } = window;
  let overload = 0;
  for (let count = 0; at < end && count < optionsMax; count++) {
    const option = bytes[at] as number;
    if (option === 255) return { overload, sound: true };
    if (option === 0) {
      at++;
      count--;
      continue;
    }
    const value = at + 2;
    const stop = value + (bytes[at + 1] as number);
    if (value > end || stop > end) return { overload, sound: false };
    if (option === 52 && stop > value) overload = (bytes[value] as number) & 3;
    else tell(fields, window, option, value, stop);
    at = stop;
  }
  return { overload, sound: at >= end };
}

function tell(fields: Transaction, { bytes, view }: ByteView, option: number, at: number, end: number): void {
  const simple = SIMPLE[option];
  if (simple !== undefined) {
    const [how, name] = simple;
    if (how === "text") fields[name] = looseText(bytes, at, end);
    else if (end - at < 4) return;
    else if (how === "seconds") fields[name] = view.getUint32(at);
    else if (how === "address") fields[name] = ipv4Text(view.getUint32(at));
    else fields[name] = addresses(view, at, end);
  } else if (option === 53) fields["dhcp_type"] = TYPES[bytes[at] as number] || `type_${bytes[at]}`;
  else if (option === 61 && end > at) fields["client_id"] = colons(bytes, at + 1, end);
  else if (option === 55) wanted(fields, bytes, at, end);
  else if (option === 81 && end - at >= 3) fields["client_fqdn"] = fullName(bytes, at, end);
  else if (option === 82) fields["relay_agent"] = relayAgent(bytes, at, end);
}

/** What clients ask for, which few kinds of clients do differently; the flows of a thread take turns with it. */
const wishes = new ByteCache<{ readonly params: readonly string[]; readonly fingerprint: string }>(256, 255);

function addresses(view: DataView, at: number, end: number): string[] {
  const told: string[] = [];
  for (let i = at; i + 4 <= end && told.length < addressesMax; i += 4) told.push(ipv4Text(view.getUint32(i)));
  return told;
}

function wanted(fields: Transaction, bytes: Uint8Array, at: number, end: number): void {
  let wish = wishes.find(bytes, at, end);
  if (wish === undefined) {
    const numbers = [...bytes.subarray(at, end)];
    const params = numbers.map((option) => PARAMS[option]).filter((name) => name !== undefined);
    wish = { params, fingerprint: numbers.join(",") };
    wishes.keep(bytes, at, end, wish);
  }
  fields["params"] = wish.params;
  fields["fingerprint"] = wish.fingerprint;
}

/** RFC 4702 §2: flags, two result codes, the name as text or as DNS writes it. */
function fullName(bytes: Uint8Array, at: number, end: number): string {
  if (((bytes[at] as number) & 4) === 0) return looseText(bytes, at + 3, end);
  return labels(bytes, at + 3, end).name;
}

/** A name in DNS form without pointers; `next` is behind it. */
export function labels(bytes: Uint8Array, at: number, end: number): { name: string; next: number } {
  const parts: string[] = [];
  let i = at;
  while (i < end) {
    const length = bytes[i] as number;
    if (length === 0 || length > 63 || i + 1 + length > end) break;
    parts.push(looseText(bytes, i + 1, i + 1 + length));
    i += 1 + length;
  }
  return { name: parts.join("."), next: i + 1 };
}

/** RFC 3046 §2.0: sub-options; text where it is printable, otherwise hexadecimal. */
function relayAgent(bytes: Uint8Array, at: number, end: number): Transaction {
  const told: Transaction = {};
  for (let i = at; i + 2 <= end; ) {
    const stop = i + 2 + (bytes[i + 1] as number);
    if (stop > end) break;
    const name = bytes[i] === 1 ? "circuit_id" : bytes[i] === 2 ? "remote_id" : bytes[i] === 6 ? "subscriber_id" : undefined;
    if (name !== undefined) told[name] = isPrintable(bytes, i + 2, stop) ? looseText(bytes, i + 2, stop) : toHex(bytes, i + 2, stop);
    i = stop;
  }
  return told;
}

function isPrintable(bytes: Uint8Array, at: number, end: number): boolean {
  for (let i = at; i < end; i++) if ((bytes[i] as number) < 0x20 || (bytes[i] as number) > 0x7e) return false;
  return end > at;
}

/** `00:16:3e:00:00:01`. */
export function colons(bytes: Uint8Array, at: number, end: number): string {
  let text = "";
  for (let i = at; i < end; i++) text += i === at ? HEX[bytes[i] as number] : COLON_HEX[bytes[i] as number];
  return text;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const COLON_HEX = HEX.map((digits) => `:${digits}`);
