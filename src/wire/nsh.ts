import { Verdict } from "./verdict.ts";

/** Network Service Header (RFC 8300): the path of a packet through a chain of services. */
const VERSION_FLAGS_LENGTH = 0;
const METADATA_TYPE = 2;
const NEXT_PROTOCOL = 3;
const SERVICE_PATH = 4;
/** Base header and service path. */
export const HEADER_BYTES = 8;

const FIXED_METADATA = 1;
const FIXED_METADATA_BYTES = 24;

/** Once this says `ok`, every getter below is safe at `at`, and the whole header is present. */
export function check(view: DataView, at: number, end: number): Verdict {
  if (end - at < HEADER_BYTES) return Verdict.nshTooSmall;
  if (view.getUint8(at + VERSION_FLAGS_LENGTH) >>> 6 !== 0) return Verdict.nshUnsupportedVersion;
  const bytes = headerBytes(view, at);
  const isFixed = (view.getUint8(at + METADATA_TYPE) & 15) === FIXED_METADATA;
  if (bytes < HEADER_BYTES || (isFixed && bytes !== FIXED_METADATA_BYTES)) return Verdict.nshBadLength;
  return bytes > end - at ? Verdict.nshTooSmall : Verdict.ok;
}

/** Bytes of the header with its metadata. */
export const headerBytes = (view: DataView, at: number): number => (view.getUint16(at + VERSION_FLAGS_LENGTH) & 63) * 4;
/** 1 IPv4, 2 IPv6, 3 Ethernet, 4 NSH, 5 MPLS. */
export const nextProtocol = (view: DataView, at: number): number => view.getUint8(at + NEXT_PROTOCOL);
export const servicePath = (view: DataView, at: number): number => view.getUint32(at + SERVICE_PATH) >>> 8;
