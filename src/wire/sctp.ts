import { Verdict } from "./verdict.ts";

/** Stream Control Transmission Protocol, common header (RFC 9260 3.1). */
const SOURCE_PORT = 0;
const TARGET_PORT = 2;
const VERIFICATION_TAG = 4;
const CHECKSUM = 8;
export const HEADER_BYTES = 12;

/** Once this says `ok`, every getter below is safe at `at`. */
export function check(_view: DataView, at: number, end: number): Verdict {
  return end - at < HEADER_BYTES ? Verdict.sctpTooSmall : Verdict.ok;
}

export const sourcePort = (view: DataView, at: number): number => view.getUint16(at + SOURCE_PORT);
export const targetPort = (view: DataView, at: number): number => view.getUint16(at + TARGET_PORT);
export const verificationTag = (view: DataView, at: number): number => view.getInt32(at + VERIFICATION_TAG);
/** CRC32c, least significant byte first. */
export const checksum = (view: DataView, at: number): number => view.getInt32(at + CHECKSUM, true);
export const checksumAt = (at: number): number => at + CHECKSUM;
