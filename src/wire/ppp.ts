import { Verdict } from "./verdict.ts";

/** Point-to-Point Protocol (RFC 1661), with or without the address and control bytes of RFC 1662. */
const ALL_STATIONS = 0xff;
const UNNUMBERED = 0x03;

export const PppProtocol = { ipv4: 0x0021, ipv6: 0x0057, mpls: 0x0281, mplsMulticast: 0x0283 } as const;

/** Once this says `ok`, every getter below is safe at `at`. */
export function check(view: DataView, at: number, end: number): Verdict {
  const field = fieldAt(view, at, end);
  if (field >= end) return Verdict.pppTooSmall;
  if ((view.getUint8(field) & 1) !== 0) return Verdict.ok;
  if (field + 1 >= end) return Verdict.pppTooSmall;
  // RFC 1661 2: the last octet of a protocol field is odd.
  return (view.getUint8(field + 1) & 1) !== 0 ? Verdict.ok : Verdict.pppWrongType;
}

/** Offset of the protocol field, behind the address and control bytes when they are there. */
const fieldAt = (view: DataView, at: number, end: number): number =>
  end - at >= 2 && view.getUint8(at) === ALL_STATIONS && view.getUint8(at + 1) === UNNUMBERED ? at + 2 : at;

/** Protocol number; a field of one byte (RFC 1661 6.5) is spread to two. */
export function protocol(view: DataView, at: number, end: number): number {
  const field = fieldAt(view, at, end);
  const first = view.getUint8(field);
  return (first & 1) !== 0 ? first : view.getUint16(field);
}

/** Offset of the payload. */
export function payloadAt(view: DataView, at: number, end: number): number {
  const field = fieldAt(view, at, end);
  return field + ((view.getUint8(field) & 1) !== 0 ? 1 : 2);
}
