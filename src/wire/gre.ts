import { EtherType } from "./ethernet.ts";
import { Verdict } from "./verdict.ts";

/** Generic Routing Encapsulation: version 0 (RFC 2784, RFC 2890, routing of RFC 1701), version 1 of PPTP (RFC 2637). */
const FLAGS = 0;
const PROTOCOL = 2;
/** Bytes that every GRE header has. */
export const HEADER_BYTES = 4;

const CHECKSUM_PRESENT = 0x8000;
const ROUTING_PRESENT = 0x4000;
const KEY_PRESENT = 0x2000;
const SEQUENCE_PRESENT = 0x1000;
const STRICT_ROUTE = 0x0800;
const RECURSION = 0x0700;
const ACKNOWLEDGEMENT_PRESENT = 0x0080;
const VERSION_0_RESERVED = 0x00f8;
const VERSION_1_RESERVED = 0x0078;
/** Source routes in one header that are stepped over. */
const sourceRoutesMax = 16;

/** Once this says `ok`, every getter below is safe at `at`, and the whole header is present. */
export function check(view: DataView, at: number, end: number): Verdict {
  if (end - at < HEADER_BYTES) return Verdict.greTooSmall;
  const flags = view.getUint16(at + FLAGS);
  if ((flags & 7) === 0) return checkVersion0(view, at, end, flags);
  return (flags & 7) === 1 ? checkVersion1(view, at, end, flags) : Verdict.greWrongVersion;
}

function checkVersion0(view: DataView, at: number, end: number, flags: number): Verdict {
  if ((flags & RECURSION) !== 0) return Verdict.greVersion0Recursion;
  if ((flags & VERSION_0_RESERVED) !== 0) return Verdict.greVersion0Flags;
  const bytes = headerBytes(view, at, end);
  return bytes < 0 || bytes > end - at ? Verdict.greVersion0HeaderTooBig : Verdict.ok;
}

function checkVersion1(view: DataView, at: number, end: number, flags: number): Verdict {
  if ((flags & CHECKSUM_PRESENT) !== 0) return Verdict.greVersion1Checksum;
  if ((flags & ROUTING_PRESENT) !== 0) return Verdict.greVersion1Routing;
  if ((flags & STRICT_ROUTE) !== 0) return Verdict.greVersion1StrictRoute;
  if ((flags & RECURSION) !== 0) return Verdict.greVersion1Recursion;
  if ((flags & VERSION_1_RESERVED) !== 0) return Verdict.greVersion1Flags;
  if (protocol(view, at) !== EtherType.ppp) return Verdict.greVersion1WrongProtocol;
  if ((flags & KEY_PRESENT) === 0) return Verdict.greVersion1NoKey;
  return headerBytes(view, at, end) > end - at ? Verdict.greVersion1HeaderTooBig : Verdict.ok;
}

export const version = (view: DataView, at: number): number => view.getUint16(at + FLAGS) & 7;
/** EtherType of the payload. */
export const protocol = (view: DataView, at: number): number => view.getUint16(at + PROTOCOL);
export const hasSequence = (view: DataView, at: number): boolean => (view.getUint16(at + FLAGS) & SEQUENCE_PRESENT) !== 0;

/** Key of version 0, 0 when there is none. Version 1 has a call id there, which differs by direction. */
export function key(view: DataView, at: number): number {
  const flags = view.getUint16(at + FLAGS);
  if ((flags & KEY_PRESENT) === 0) return 0;
  return view.getUint32(at + ((flags & (CHECKSUM_PRESENT | ROUTING_PRESENT)) !== 0 ? 8 : 4));
}

/** Bytes of the header with its optional parts, or -1 when its source routes never end before `end`. */
export function headerBytes(view: DataView, at: number, end: number): number {
  const flags = view.getUint16(at + FLAGS);
  let bytes = HEADER_BYTES;
  if ((flags & (CHECKSUM_PRESENT | ROUTING_PRESENT)) !== 0) bytes += 4;
  if ((flags & KEY_PRESENT) !== 0) bytes += 4;
  if ((flags & SEQUENCE_PRESENT) !== 0) bytes += 4;
  if ((flags & 7) === 1) return (flags & ACKNOWLEDGEMENT_PRESENT) !== 0 ? bytes + 4 : bytes;
  return (flags & ROUTING_PRESENT) !== 0 ? behindRoutes(view, at, end, bytes) : bytes;
}

/** Source route entries: address family, offset, length, bytes; an entry of family 0 and length 0 ends them. */
function behindRoutes(view: DataView, at: number, end: number, from: number): number {
  let bytes = from;
  for (let count = 0; count < sourceRoutesMax && at + bytes + 4 <= end; count++) {
    const family = view.getUint16(at + bytes);
    const length = view.getUint8(at + bytes + 3);
    bytes += 4 + length;
    if (family === 0 && length === 0) return bytes;
  }
  return -1;
}
