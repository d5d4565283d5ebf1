import { HEADER_BYTES, headerBytes } from "./tcp.ts";
import { Verdict } from "./verdict.ts";

/**
 * Options of a TCP header whose `tcp.check` said `ok` (RFC 9293 3.1, RFC 7323, RFC 2018). The getters walk the options
 * and stop at the first broken one, so they are safe whatever `checkOptions` says.
 */
export const TcpOption = {
  end: 0,
  nop: 1,
  mss: 2,
  windowScale: 3,
  sackPermitted: 4,
  sack: 5,
  timestamps: 8,
  md5: 19,
  ao: 29,
  mptcp: 30,
  fastOpen: 34,
} as const;

/** NOP, NOP, timestamps: what most segments carry. */
const USUAL = 0x0101080a;

/** Judges the options of the header at `at`. */
export function checkOptions(view: DataView, at: number): Verdict {
  const end = at + headerBytes(view, at);
  const from = at + HEADER_BYTES;
  if (end - from === 12 && view.getInt32(from) === USUAL) return Verdict.ok;
  return checkEach(view, from, end);
}

function checkEach(view: DataView, from: number, end: number): Verdict {
  let seen = 0;
  for (let at = from; at < end; ) {
    const kind = view.getUint8(at);
    if (kind === TcpOption.end) return Verdict.ok;
    if (kind === TcpOption.nop) {
      at++;
      continue;
    }
    if (at + 1 >= end) return Verdict.tcpOptionInvalidLength;
    const length = view.getUint8(at + 1);
    if (length < 2 || at + length > end || !fits(kind, length)) return Verdict.tcpOptionInvalidLength;
    if (kind < 9) {
      if ((seen & (1 << kind)) !== 0) return Verdict.tcpOptionDuplicate;
      seen |= 1 << kind;
    }
    at += length;
  }
  return Verdict.ok;
}

function fits(kind: number, length: number): boolean {
  switch (kind) {
    case TcpOption.mss:
      return length === 4;
    case TcpOption.windowScale:
      return length === 3;
    case TcpOption.sackPermitted:
      return length === 2;
    case TcpOption.sack:
      return length >= 10 && (length - 2) % 8 === 0;
    case TcpOption.timestamps:
      return length === 10;
    default:
      return true;
  }
}

/** Offset of the first option of a kind in the header at `at`, or -1. The whole option is present. */
export function findOption(view: DataView, at: number, kind: number): number {
  const end = at + headerBytes(view, at);
  for (let option = at + HEADER_BYTES; option < end; ) {
    const found = view.getUint8(option);
    if (found === TcpOption.end) return -1;
    if (found === TcpOption.nop) {
      option++;
      continue;
    }
    if (option + 1 >= end) return -1;
    const length = view.getUint8(option + 1);
    if (length < 2 || option + length > end) return -1;
    if (found === kind) return fits(kind, length) ? option : -1;
    option += length;
  }
  return -1;
}

/** Maximum segment size, bytes; -1 when not given. */
export function maximumSegmentBytes(view: DataView, at: number): number {
  const option = findOption(view, at, TcpOption.mss);
  return option < 0 ? -1 : view.getUint16(option + 2);
}

/** Window scale (bits to shift, at most 14 by RFC 7323 2.3); -1 when not given. */
export function windowScale(view: DataView, at: number): number {
  const option = findOption(view, at, TcpOption.windowScale);
  return option < 0 ? -1 : Math.min(view.getUint8(option + 2), 14);
}

export const sackPermitted = (view: DataView, at: number): boolean => findOption(view, at, TcpOption.sackPermitted) >= 0;

/** Offset of the timestamps option, or -1. Most segments have it in the usual place, which is tried first. */
export function timestampsAt(view: DataView, at: number): number {
  if (headerBytes(view, at) === 32 && view.getInt32(at + HEADER_BYTES) === USUAL) return at + HEADER_BYTES + 2;
  return findOption(view, at, TcpOption.timestamps);
}

/** Value and echo of the timestamps option at `option`, 32-bit words. */
export const timestampValue = (view: DataView, option: number): number => view.getInt32(option + 2);
export const timestampEcho = (view: DataView, option: number): number => view.getInt32(option + 6);
