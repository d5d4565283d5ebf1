import { Verdict } from "./verdict.ts";

/** User Datagram Protocol (RFC 768), and UDP-Lite (RFC 3828), whose length field is the checksum's coverage. */
const SOURCE_PORT = 0;
const TARGET_PORT = 2;
const LENGTH = 4;
const CHECKSUM = 6;
export const HEADER_BYTES = 8;
/** More than this needs a jumbogram (RFC 2675 4), whose length field is 0. */
const LENGTH_MAX = 65_535;

/** Once this says `ok`, every getter below is safe at `at`. */
export function check(view: DataView, at: number, end: number): Verdict {
  if (end - at < HEADER_BYTES) return Verdict.udpHeaderTooSmall;
  const length = view.getUint16(at + LENGTH);
  if (length < HEADER_BYTES && (length !== 0 || end - at <= LENGTH_MAX)) return Verdict.udpLengthInvalid;
  return length > end - at ? Verdict.udpTooSmall : Verdict.ok;
}

/** The same for UDP-Lite. */
export function checkLite(view: DataView, at: number, end: number): Verdict {
  if (end - at < HEADER_BYTES) return Verdict.udpHeaderTooSmall;
  const coverage = view.getUint16(at + LENGTH);
  return coverage !== 0 && (coverage < HEADER_BYTES || coverage > end - at) ? Verdict.udpLiteCoverageInvalid : Verdict.ok;
}

export const sourcePort = (view: DataView, at: number): number => view.getUint16(at + SOURCE_PORT);
export const targetPort = (view: DataView, at: number): number => view.getUint16(at + TARGET_PORT);
/** Bytes of header and payload; for UDP-Lite the bytes that the checksum covers (0 for all). */
export const length = (view: DataView, at: number): number => view.getUint16(at + LENGTH);
/** 0 when the sender made none (IPv4 only). */
export const checksum = (view: DataView, at: number): number => view.getUint16(at + CHECKSUM);
