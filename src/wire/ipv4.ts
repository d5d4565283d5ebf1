import { complement, sumBytes } from "./checksum.ts";
import { Verdict } from "./verdict.ts";

/** Internet Protocol version 4 (RFC 791). */
const VERSION_IHL = 0;
const TRAFFIC_CLASS = 1;
const TOTAL_LENGTH = 2;
const IDENTIFICATION = 4;
const FRAGMENT = 6;
const TTL = 8;
const PROTOCOL = 9;
const CHECKSUM = 10;
const SOURCE = 12;
const TARGET = 16;
/** Bytes of a header without options. */
export const HEADER_BYTES = 20;

/**
 * Once this says `ok`, every getter below is safe at `at`, and the whole header with its options is present. Whether
 * the packet fits its frame is judged by the caller, who knows what the wire had.
 */
export function check(view: DataView, at: number, end: number): Verdict {
  if (end - at < HEADER_BYTES) return Verdict.ipv4TooSmall;
  const first = view.getUint8(at + VERSION_IHL);
  if (first === 0x45) {
    const total = view.getUint16(at + TOTAL_LENGTH);
    return total >= HEADER_BYTES || total === 0 ? Verdict.ok : Verdict.ipv4LengthSmallerThanHeader;
  }
  return checkOthers(view, at, end, first);
}

function checkOthers(view: DataView, at: number, end: number, first: number): Verdict {
  if (first >>> 4 !== 4) return Verdict.ipv4WrongVersion;
  const bytes = (first & 15) * 4;
  if (bytes < HEADER_BYTES) return Verdict.ipv4HeaderTooSmall;
  const total = view.getUint16(at + TOTAL_LENGTH);
  if (total < bytes && total !== 0) return Verdict.ipv4LengthSmallerThanHeader;
  return bytes > end - at ? Verdict.ipv4Truncated : Verdict.ok;
}

export const version = (view: DataView, at: number): number => view.getUint8(at + VERSION_IHL) >>> 4;
/** Bytes of the header with its options. */
export const headerBytes = (view: DataView, at: number): number => (view.getUint8(at + VERSION_IHL) & 15) * 4;
/** Differentiated services and ECN. */
export const trafficClass = (view: DataView, at: number): number => view.getUint8(at + TRAFFIC_CLASS);
/** Bytes of header and payload; 0 when segmentation was left to the network card. */
export const totalBytes = (view: DataView, at: number): number => view.getUint16(at + TOTAL_LENGTH);
export const identification = (view: DataView, at: number): number => view.getUint16(at + IDENTIFICATION);
export const dontFragment = (view: DataView, at: number): boolean => (view.getUint8(at + FRAGMENT) & 0x40) !== 0;
export const moreFragments = (view: DataView, at: number): boolean => (view.getUint8(at + FRAGMENT) & 0x20) !== 0;
/** Where the fragment's data belongs, bytes. */
export const fragmentOffset = (view: DataView, at: number): number => (view.getUint16(at + FRAGMENT) & 0x1fff) * 8;
export const isFragment = (view: DataView, at: number): boolean => (view.getUint16(at + FRAGMENT) & 0x3fff) !== 0;
export const ttl = (view: DataView, at: number): number => view.getUint8(at + TTL);
export const protocol = (view: DataView, at: number): number => view.getUint8(at + PROTOCOL);
export const checksum = (view: DataView, at: number): number => view.getUint16(at + CHECKSUM);
export const source = (view: DataView, at: number): number => view.getInt32(at + SOURCE);
export const target = (view: DataView, at: number): number => view.getInt32(at + TARGET);

/** Makes the header of a fragment that of the whole packet of `bytes` bytes: no offset, the new length, the checksum that fits. */
export function makeWhole(view: DataView, at: number, bytes: number): void {
  view.setUint16(at + TOTAL_LENGTH, bytes);
  view.setUint16(at + FRAGMENT, 0);
  view.setUint16(at + CHECKSUM, 0);
  view.setUint16(at + CHECKSUM, complement(sumBytes(view, at, at + headerBytes(view, at))));
}

const OPTION_END = 0;
const OPTION_NOP = 1;

/** Judges the options in `[from, to)`, the bytes between the fixed header and the payload (RFC 791 3.1, RFC 6814). */
export function checkOptions(view: DataView, from: number, to: number): Verdict {
  let seenLow = 0;
  let worst: Verdict = Verdict.ok;
  for (let at = from; at < to; ) {
    const type = view.getUint8(at);
    if (type === OPTION_END) return worst;
    if (type === OPTION_NOP) {
      at++;
      continue;
    }
    if (at + 1 >= to) return Verdict.ipv4OptionInvalidLength;
    const length = view.getUint8(at + 1);
    if (length < 2 || at + length > to) return Verdict.ipv4OptionInvalidLength;
    const bit = optionBit(type);
    if (bit === 0) worst = Verdict.ipv4OptionUnknown;
    else if ((seenLow & bit) !== 0) worst = Verdict.ipv4OptionDuplicate;
    else if (!optionFits(view, at, type, length)) return Verdict.ipv4OptionMalformed;
    seenLow |= bit;
    at += length;
  }
  return worst;
}

/** A bit for each option that is known (record route, time stamp, security, source routes, stream id, router alert). */
function optionBit(type: number): number {
  switch (type) {
    case 7:
      return 1;
    case 68:
      return 2;
    case 130:
      return 4;
    case 131:
      return 8;
    case 133:
      return 16;
    case 134:
      return 32;
    case 136:
      return 64;
    case 137:
      return 128;
    case 148:
      return 256;
    case 25:
    case 82:
    case 205:
      return 512;
    default:
      return 0;
  }
}

function optionFits(view: DataView, at: number, type: number, length: number): boolean {
  switch (type) {
    case 7:
    case 131:
    case 137:
      // Routes: a pointer, then addresses of four bytes.
      return length >= 3 && (length - 3) % 4 === 0 && view.getUint8(at + 2) >= 4;
    case 68:
      return length >= 4 && view.getUint8(at + 2) >= 5;
    case 136:
    case 148:
      return length === 4;
    default:
      return true;
  }
}
