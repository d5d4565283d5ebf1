import { toHex } from "#base/bytes.ts";
import { looseText } from "#base/loose-text.ts";
import type { NameReader } from "./name-reader.ts";
import { typeName } from "./names.ts";
import { base32, base64 } from "./text.ts";

/** Keys and signatures longer than this are not DNSSEC's. */
const BYTES_MAX = 4096;
/** Types of a type bitmap that are told. */
const typesMax = 128;

/** DS and its like (RFC 4034 §5.3): key tag, algorithm, digest type, digest. */
export function delegationText(bytes: Uint8Array, view: DataView, at: number, end: number): string | undefined {
  if (end - at < 5 || end - at > BYTES_MAX) return undefined;
  return `${view.getUint16(at)} ${view.getUint8(at + 2)} ${view.getUint8(at + 3)} ${toHex(bytes, at + 4, end)}`;
}

/** DNSKEY (RFC 4034 §2.2): flags, protocol, algorithm, key. */
export function keyText(bytes: Uint8Array, view: DataView, at: number, end: number): string | undefined {
  if (end - at < 4 || end - at > BYTES_MAX) return undefined;
  return `${view.getUint16(at)} ${view.getUint8(at + 2)} ${view.getUint8(at + 3)} ${base64(bytes, at + 4, end)}`;
}

/** RRSIG (RFC 4034 §3.2): type, algorithm, labels, TTL, expiration, inception, key tag, signer, signature. */
export function signatureText(names: NameReader, bytes: Uint8Array, view: DataView, at: number, end: number): string | undefined {
  if (end - at < 19 || end - at > BYTES_MAX) return undefined;
  const signer = names.read(at + 18);
  if (signer === undefined || names.next > end) return undefined;
  const head = `${typeName(view.getUint16(at), false)} ${view.getUint8(at + 2)} ${view.getUint8(at + 3)} ${view.getUint32(at + 4)}`;
  const times = `${dateText(view.getUint32(at + 8))} ${dateText(view.getUint32(at + 12))}`;
  return `${head} ${times} ${view.getUint16(at + 16)} ${signer === "" ? "." : signer} ${base64(bytes, names.next, end)}`;
}

/** Seconds since 1970 as `20260131235959`. */
const dateText = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 19).replace(/[-T:]/g, "");

/** NSEC (RFC 4034 §4.2): the next name, and the types that exist. */
export function nextSecureText(names: NameReader, bytes: Uint8Array, at: number, end: number): string | undefined {
  const next = at < end ? names.read(at) : undefined;
  const types = next === undefined || names.next > end ? undefined : typeBitmap(bytes, names.next, end);
  return types === undefined ? undefined : `${next === "" ? "." : next}${types}`;
}

/** NSEC3 (RFC 5155 §3.3). */
export function nextSecure3Text(bytes: Uint8Array, view: DataView, at: number, end: number): string | undefined {
  const head = parameters3Head(bytes, view, at, end);
  if (head === undefined) return undefined;
  const hashAt = at + 5 + view.getUint8(at + 4);
  const hashEnd = hashAt < end ? hashAt + 1 + view.getUint8(hashAt) : end + 1;
  const types = hashEnd > end ? undefined : typeBitmap(bytes, hashEnd, end);
  return types === undefined ? undefined : `${head} ${base32(bytes, hashAt + 1, hashEnd)}${types}`;
}

/** NSEC3PARAM (RFC 5155 §4.3). */
export const parameters3Text = (bytes: Uint8Array, view: DataView, at: number, end: number): string | undefined =>
  parameters3Head(bytes, view, at, end);

function parameters3Head(bytes: Uint8Array, view: DataView, at: number, end: number): string | undefined {
  const saltEnd = end - at < 5 ? end + 1 : at + 5 + view.getUint8(at + 4);
  if (saltEnd > end) return undefined;
  const salt = saltEnd === at + 5 ? "-" : toHex(bytes, at + 5, saltEnd);
  return `${view.getUint8(at)} ${view.getUint8(at + 1)} ${view.getUint16(at + 2)} ${salt}`;
}

/** Names of the types in a bitmap (RFC 4034 §4.1.2), each behind a space; `undefined` when it is malformed. */
function typeBitmap(bytes: Uint8Array, at: number, end: number): string | undefined {
  let text = "";
  let told = 0;
  for (let i = at; i < end; ) {
    const length = i + 2 <= end ? (bytes[i + 1] as number) : 0;
    if (length < 1 || length > 32 || i + 2 + length > end) return undefined;
    for (let bit = 0; bit < length * 8 && told < typesMax; bit++)
      if (((bytes[i + 2 + (bit >>> 3)] as number) & (0x80 >>> (bit & 7))) !== 0) {
        text += ` ${typeName(((bytes[i] as number) << 8) | bit, false)}`;
        told++;
      }
    i += 2 + length;
  }
  return text;
}

/** TLSA (RFC 6698 §2.2): usage, selector, matching type, data. */
export function usageText(bytes: Uint8Array, view: DataView, at: number, end: number): string | undefined {
  if (end - at < 4 || end - at > BYTES_MAX) return undefined;
  return `${view.getUint8(at)} ${view.getUint8(at + 1)} ${view.getUint8(at + 2)} ${toHex(bytes, at + 3, end)}`;
}

/** CAA (RFC 8659 §4.1): flags, tag, value. */
export function authorityText(bytes: Uint8Array, view: DataView, at: number, end: number): string | undefined {
  const tagEnd = end - at < 2 ? end + 1 : at + 2 + view.getUint8(at + 1);
  if (tagEnd > end || end - at > BYTES_MAX) return undefined;
  return `${view.getUint8(at)} ${looseText(bytes, at + 2, tagEnd)} "${looseText(bytes, tagEnd, end)}"`;
}
