import { Verdict } from "./verdict.ts";

/** Internet Control Message Protocol for IPv4 (RFC 792). */
const TYPE = 0;
const CODE = 1;
const CHECKSUM = 2;
const IDENTIFIER = 4;
const SEQUENCE = 6;
export const HEADER_BYTES = 8;

/** Once this says `ok`, every getter below is safe at `at`. */
export function check(_view: DataView, at: number, end: number): Verdict {
  return end - at < HEADER_BYTES ? Verdict.icmpTooSmall : Verdict.ok;
}

export const type = (view: DataView, at: number): number => view.getUint8(at + TYPE);
export const code = (view: DataView, at: number): number => view.getUint8(at + CODE);
export const checksum = (view: DataView, at: number): number => view.getUint16(at + CHECKSUM);
/** Of echo, timestamp, information and mask messages. */
export const identifier = (view: DataView, at: number): number => view.getUint16(at + IDENTIFIER);
export const sequence = (view: DataView, at: number): number => view.getUint16(at + SEQUENCE);

/** Highest code of each type from 0, -1 for types that nobody uses (RFC 6918 deprecates many, they are still seen). */
const CODES_MAX = Int8Array.from([0, -1, -1, 15, 0, 3, -1, -1, 0, 16, 0, 1, 2, 0, 0, 0, 0, 0, 0]);

/** Judges type and code, and what an error quotes; the header at `at` has passed `check`. */
export function checkMessage(view: DataView, at: number, end: number): Verdict {
  const kind = type(view, at);
  const highest = kind < CODES_MAX.length ? (CODES_MAX[kind] as number) : -1;
  if (highest < 0) return kind === 30 || kind === 42 || kind === 43 ? Verdict.ok : Verdict.icmpUnknownType;
  if (code(view, at) > highest) return Verdict.icmpUnknownCode;
  return isError(kind) ? checkQuote(view, at + HEADER_BYTES, end) : Verdict.ok;
}

function checkQuote(view: DataView, at: number, end: number): Verdict {
  if (end - at < 20) return Verdict.icmpQuoteTruncated;
  return view.getUint8(at) >>> 4 === 4 ? Verdict.ok : Verdict.icmpQuoteWrongVersion;
}

/** True for messages that quote the packet they complain about, from `HEADER_BYTES` on. */
export const isError = (kind: number): boolean => kind === 3 || kind === 4 || kind === 5 || kind === 11 || kind === 12;
