import { Verdict } from "./verdict.ts";

/** Transmission Control Protocol (RFC 9293). */
const SOURCE_PORT = 0;
const TARGET_PORT = 2;
const SEQUENCE = 4;
const ACKNOWLEDGEMENT = 8;
const DATA_OFFSET = 12;
const FLAGS = 13;
const WINDOW = 14;
const CHECKSUM = 16;
const URGENT = 18;
/** Bytes of a header without options. */
export const HEADER_BYTES = 20;

/** Once this says `ok`, every getter below is safe at `at`, and the whole header with its options is present. */
export function check(view: DataView, at: number, end: number): Verdict {
  if (end - at < HEADER_BYTES) return Verdict.tcpTooSmall;
  const bytes = headerBytes(view, at);
  return bytes < HEADER_BYTES || bytes > end - at ? Verdict.tcpHeaderTooSmall : Verdict.ok;
}

export const sourcePort = (view: DataView, at: number): number => view.getUint16(at + SOURCE_PORT);
export const targetPort = (view: DataView, at: number): number => view.getUint16(at + TARGET_PORT);
export const sequence = (view: DataView, at: number): number => view.getInt32(at + SEQUENCE);
export const acknowledgement = (view: DataView, at: number): number => view.getInt32(at + ACKNOWLEDGEMENT);
/** Bytes of the header with its options. */
export const headerBytes = (view: DataView, at: number): number => (view.getUint8(at + DATA_OFFSET) >>> 4) * 4;
/** The eight low flag bits: FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, ECE 64, CWR 128. */
export const flags = (view: DataView, at: number): number => view.getUint8(at + FLAGS);
/** Not scaled. */
export const window = (view: DataView, at: number): number => view.getUint16(at + WINDOW);
export const checksum = (view: DataView, at: number): number => view.getUint16(at + CHECKSUM);
export const urgentPointer = (view: DataView, at: number): number => view.getUint16(at + URGENT);
