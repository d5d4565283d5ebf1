import { Verdict } from "./verdict.ts";

/** PPP over Ethernet (RFC 2516). */
const VERSION_TYPE = 0;
const CODE = 1;
const SESSION = 2;
const LENGTH = 4;
export const HEADER_BYTES = 6;

const VERSION_1_TYPE_1 = 0x11;

/** Session stage. Once this says `ok`, every getter below is safe at `at`. */
export function check(view: DataView, at: number, end: number): Verdict {
  if (end - at < HEADER_BYTES) return Verdict.pppoeTooSmall;
  if (view.getUint8(at + VERSION_TYPE) !== VERSION_1_TYPE_1) return Verdict.pppoeWrongVersion;
  return view.getUint8(at + CODE) === 0 ? Verdict.ok : Verdict.pppoeWrongCode;
}

/** Discovery stage: header, code and tags. */
export function checkDiscovery(view: DataView, at: number, end: number): Verdict {
  if (end - at < HEADER_BYTES) return Verdict.pppoeTooSmall;
  if (view.getUint8(at + VERSION_TYPE) !== VERSION_1_TYPE_1) return Verdict.pppoeWrongVersion;
  if (!isDiscoveryCode(view.getUint8(at + CODE))) return Verdict.pppoeWrongCode;
  const stop = at + HEADER_BYTES + payloadBytes(view, at);
  if (stop > end) return Verdict.pppoeTooSmall;
  let tag = at + HEADER_BYTES;
  while (tag + 4 <= stop) {
    if (view.getUint16(tag) === 0) return Verdict.ok;
    tag += 4 + view.getUint16(tag + 2);
  }
  return tag === stop ? Verdict.ok : Verdict.pppoeMalformedTags;
}

/** PADI, PADO, PADR, PADS, PADT. */
const isDiscoveryCode = (code: number): boolean => code === 0x09 || code === 0x07 || code === 0x19 || code === 0x65 || code === 0xa7;

export const session = (view: DataView, at: number): number => view.getUint16(at + SESSION);
export const payloadBytes = (view: DataView, at: number): number => view.getUint16(at + LENGTH);
