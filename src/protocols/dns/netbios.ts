import { ipv4Text, macText } from "#base/address.ts";
import { latin1 } from "#base/bytes.ts";

const LETTERS = 32;
const NAME_BYTES = 16;
const STATUS_NAME_BYTES = 18;
/** Names of a node status that are told. */
const statusNamesMax = 64;
const A = 0x41;

/** True when `bytes[at..at+32)` are the letters A to P that encode a NetBIOS name. The caller has checked the length. */
export function isEncodedName(bytes: Uint8Array, at: number): boolean {
  for (let i = at; i < at + LETTERS; i++) {
    const letter = bytes[i] as number;
    if (letter < A || letter > A + 15) return false;
  }
  return true;
}

/**
 * NetBIOS name of a DNS name whose first label encodes it (RFC 1001 §14.1): the name without its padding, the kind of
 * service in angle brackets, then the scope: `FRED<20>.example.com`. Other names come back as they are.
 */
export function netbiosName(name: string): string {
  if (name.length < LETTERS || (name.length > LETTERS && name.charCodeAt(LETTERS) !== 0x2e)) return name;
  let text = "";
  let suffix = 0;
  for (let i = 0; i < NAME_BYTES; i++) {
    const high = name.charCodeAt(i * 2) - A;
    const low = name.charCodeAt(i * 2 + 1) - A;
    if (high < 0 || high > 15 || low < 0 || low > 15) return name;
    suffix = (high << 4) | low;
    if (i < NAME_BYTES - 1) text += String.fromCharCode(suffix);
  }
  return `${withSuffix(text, suffix)}${name.slice(LETTERS)}`;
}

const withSuffix = (padded: string, suffix: number): string => `${unpadded(padded)}<${suffix.toString(16).padStart(2, "0")}>`;

/** Without the blanks or zeros at the end. */
function unpadded(text: string): string {
  let end = text.length;
  while (end > 0 && (text.charCodeAt(end - 1) === 0x20 || text.charCodeAt(end - 1) === 0)) end--;
  return text.slice(0, end);
}

/** NB records (RFC 1002 §4.2.1.3): addresses, each with `group` when the name is a group's. */
export function netbiosAddresses(view: DataView, at: number, end: number): string | undefined {
  if (end === at || (end - at) % 6 !== 0) return undefined;
  let text = "";
  for (let i = at; i < end && i < at + 6 * statusNamesMax; i += 6)
    text += `${text === "" ? "" : ", "}${ipv4Text(view.getUint32(i + 2))}${(view.getUint16(i) & 0x8000) !== 0 ? " group" : ""}`;
  return text;
}

/** NBSTAT records (RFC 1002 §4.2.18): names of the node, then its MAC address. */
export function netbiosStatus(bytes: Uint8Array, view: DataView, at: number, end: number): string | undefined {
  const count = at < end ? view.getUint8(at) : 0;
  const stop = at + 1 + count * STATUS_NAME_BYTES;
  if (at === end || stop > end) return undefined;
  const parts: string[] = [];
  for (let i = at + 1; i < stop && parts.length < statusNamesMax; i += STATUS_NAME_BYTES) {
    const group = (view.getUint16(i + NAME_BYTES) & 0x8000) !== 0 ? " group" : "";
    parts.push(withSuffix(latin1(bytes, i, i + NAME_BYTES - 1), view.getUint8(i + NAME_BYTES - 1)) + group);
  }
  if (stop + 6 <= end) parts.push(macText(view, stop));
  return parts.join(", ");
}
