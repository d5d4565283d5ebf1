import { Verdict } from "./verdict.ts";

/** Internet Protocol version 6 (RFC 8200), the fixed header. Extension headers are in `ipv6-extensions.ts`. */
const VERSION = 0;
const PAYLOAD_LENGTH = 4;
export const NEXT_HEADER = 6;
const HOP_LIMIT = 7;
const SOURCE = 8;
const TARGET = 24;
export const HEADER_BYTES = 40;

/** Once this says `ok`, every getter below is safe at `at`. */
export function check(view: DataView, at: number, end: number): Verdict {
  if (end - at < HEADER_BYTES) return Verdict.ipv6TooSmall;
  return view.getUint8(at + VERSION) >>> 4 === 6 ? Verdict.ok : Verdict.ipv6WrongVersion;
}

export const version = (view: DataView, at: number): number => view.getUint8(at + VERSION) >>> 4;
export const trafficClass = (view: DataView, at: number): number => (view.getUint16(at + VERSION) >>> 4) & 0xff;
export const flowLabel = (view: DataView, at: number): number => view.getUint32(at + VERSION) & 0xfffff;
/** Bytes behind the fixed header; 0 for jumbograms and when segmentation was left to the network card. */
export const payloadBytes = (view: DataView, at: number): number => view.getUint16(at + PAYLOAD_LENGTH);
export const nextHeader = (view: DataView, at: number): number => view.getUint8(at + NEXT_HEADER);
export const hopLimit = (view: DataView, at: number): number => view.getUint8(at + HOP_LIMIT);
/** Writes the payload length, for a packet that was put together. */
export const setPayloadBytes = (view: DataView, at: number, bytes: number): void => view.setUint16(at + PAYLOAD_LENGTH, bytes);
/** Word 0 to 3 of the addresses. */
export const sourceWord = (view: DataView, at: number, word: number): number => view.getInt32(at + SOURCE + word * 4);
export const targetWord = (view: DataView, at: number, word: number): number => view.getInt32(at + TARGET + word * 4);
