import { ipv4Text, ipv6Text } from "#base/address.ts";
import { looseText } from "#base/loose-text.ts";
import type { NameReader } from "./name-reader.ts";

/** A character string (RFC 1035 §3.3): its length, then its bytes. */
export function textAt(bytes: Uint8Array, at: number, end: number): string | undefined {
  const length = at < end ? (bytes[at] as number) : 256;
  return at + 1 + length > end ? undefined : looseText(bytes, at + 1, at + 1 + length);
}

const textEnd = (bytes: Uint8Array, at: number): number => at + 1 + (bytes[at] as number);

/** HINFO (RFC 1035 §3.3.2) and its like: strings in quotes. */
export function hostInformation(bytes: Uint8Array, at: number, end: number): string | undefined {
  let text = "";
  for (let i = at; i < end; i = textEnd(bytes, i)) {
    const part = textAt(bytes, i, end);
    if (part === undefined) return undefined;
    text += text === "" ? `"${part}"` : ` "${part}"`;
  }
  return text;
}

/** NAPTR (RFC 3403 §4.1). */
export function naptrText(names: NameReader, bytes: Uint8Array, view: DataView, at: number, end: number): string | undefined {
  if (end - at < 8) return undefined;
  let i = at + 4;
  let strings = "";
  for (let k = 0; k < 3; k++) {
    const part = textAt(bytes, i, end);
    if (part === undefined) return undefined;
    strings += ` "${part}"`;
    i = textEnd(bytes, i);
  }
  const name = i < end ? names.read(i) : undefined;
  return name === undefined ? undefined : `${view.getUint16(at)} ${view.getUint16(at + 2)}${strings} ${name === "" ? "." : name}`;
}

/** WKS (RFC 1035 §3.4.2): address, protocol, and the ports whose bits are set (at most 64 of them). */
export function wellKnownServices(bytes: Uint8Array, view: DataView, at: number, end: number): string | undefined {
  if (end - at < 5) return undefined;
  let ports = "";
  let told = 0;
  for (let i = at + 5; i < end && told < 64; i++)
    for (let bit = 0; bit < 8 && told < 64; bit++)
      if (((bytes[i] as number) & (0x80 >>> bit)) !== 0) {
        ports += ` ${(i - at - 5) * 8 + bit}`;
        told++;
      }
  return `${ipv4Text(view.getUint32(at))} ${view.getUint8(at + 4)}${ports}`;
}

/** LOC (RFC 1876 §2): degrees with thousandths of a second, metres. */
export function locationText(view: DataView, at: number, end: number): string | undefined {
  if (end - at < 16 || view.getUint8(at) !== 0) return undefined;
  const latitude = angle(view.getUint32(at + 4), "N", "S");
  const longitude = angle(view.getUint32(at + 8), "E", "W");
  const altitude = (view.getUint32(at + 12) - 10_000_000) / 100;
  const sizes = [1, 2, 3].map((k) => `${centimetres(view.getUint8(at + k)) / 100}m`).join(" ");
  return `${latitude} ${longitude} ${altitude}m ${sizes}`;
}

function angle(raw: number, positive: string, negative: string): string {
  const offset = raw - 2_147_483_648;
  const thousandths = Math.abs(offset);
  const seconds = (thousandths % 60_000) / 1000;
  const minutes = Math.floor(thousandths / 60_000) % 60;
  return `${Math.floor(thousandths / 3_600_000)} ${minutes} ${seconds.toFixed(3)} ${offset < 0 ? negative : positive}`;
}

const centimetres = (byte: number): number => (byte >>> 4) * 10 ** (byte & 15);

/** APL (RFC 3123 §4): address ranges, at most 64. */
export function addressPrefixes(bytes: Uint8Array, view: DataView, at: number, end: number): string | undefined {
  const items: string[] = [];
  for (let i = at; i < end && items.length < 64; ) {
    const item = i + 4 <= end ? addressPrefix(bytes, view, i, end) : undefined;
    if (item === undefined) return undefined;
    items.push(item);
    i += 4 + (view.getUint8(i + 3) & 0x7f);
  }
  return items.join(" ");
}

function addressPrefix(bytes: Uint8Array, view: DataView, at: number, end: number): string | undefined {
  const family = view.getUint16(at);
  const length = view.getUint8(at + 3) & 0x7f;
  const address = at + 4 + length <= end ? addressText(family, bytes, at + 4, at + 4 + length) : undefined;
  const not = (view.getUint8(at + 3) & 0x80) !== 0 ? "!" : "";
  return address === undefined ? undefined : `${not}${family}:${address}/${view.getUint8(at + 2)}`;
}

/** Text of an address whose last bytes may be left out (they are zero); `undefined` when the family is unknown. */
export function addressText(family: number, bytes: Uint8Array, from: number, to: number): string | undefined {
  if ((family !== 1 && family !== 2) || to - from > (family === 1 ? 4 : 16)) return undefined;
  const word = (k: number): number => {
    let value = 0;
    for (let i = from + k * 4; i < from + k * 4 + 4; i++) value = value * 256 + (i < to ? (bytes[i] as number) : 0);
    return value;
  };
  return family === 1 ? ipv4Text(word(0)) : ipv6Text(word(0), word(1), word(2), word(3));
}
