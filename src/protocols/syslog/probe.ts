import { type ByteView, latin1 } from "#base/bytes.ts";
import { Probe, type Side } from "#contract/parser.ts";

/** Bytes behind the priority that are looked at. */
const HEAD_BYTES = 16;
/** Digits of a length before a message. */
const lengthDigitsMax = 5;

/** Version 1 and a time, or the time alone: of RFC 3164 or of RFC 3339. */
const DATED = /^(?:1 (?:-|\d{4}-\d\d-\d\dT)|[A-Z][a-z]{2} [ \d]\d \d\d:|\d{4}-\d\d-\d\dT)/;

/** Where the text behind the priority begins; -1 when there is none, -2 when more bytes are needed. */
function behindPriority(bytes: Uint8Array, at: number, end: number): number {
  let value = 0;
  for (let i = 0; i < 5; i++) {
    if (at + i >= end) return -2;
    const byte = bytes[at + i] as number;
    if (i === 0) {
      if (byte !== 0x3c) return -1;
    } else if (byte === 0x3e) return i > 1 && value <= 191 ? at + i + 1 : -1;
    else if (byte >= 0x30 && byte <= 0x39) value = value * 10 + byte - 0x30;
    else return -1;
  }
  return -1;
}

function isPrintable(bytes: Uint8Array, at: number, end: number): boolean {
  for (let i = at; i < end; i++) {
    const byte = bytes[i] as number;
    if (byte < 0x20 ? byte !== 9 && byte !== 10 && byte !== 13 : byte === 0x7f) return false;
  }
  return true;
}

/** A priority and a date anywhere, a priority alone on the usual port. */
export function probeDatagram(side: Side, { bytes, at, end }: ByteView, usualPort: boolean): Probe {
  const text = behindPriority(bytes, at, end);
  const stop = Math.min(end, Math.max(text, at) + HEAD_BYTES);
  // Some devices leave the priority out.
  if (text < 0) return usualPort && side === 0 && end - at > HEAD_BYTES && isPrintable(bytes, at, stop) ? Probe.maybe : Probe.no;
  if (DATED.test(latin1(bytes, text, stop))) return Probe.yes;
  return text === end || !isPrintable(bytes, text, stop) ? Probe.no : usualPort ? Probe.yes : Probe.maybe;
}

/** The same in a stream, where the length may stand before it (RFC 6587 §3.4.1). */
export function probeStream(side: Side, { bytes, at, end }: ByteView, usualPort: boolean): Probe {
  if (side !== 0) return Probe.no;
  let start = at;
  while (start < end && start - at <= lengthDigitsMax && (bytes[start] as number) >= 0x30 && (bytes[start] as number) <= 0x39) start++;
  if (start === end) return start - at <= lengthDigitsMax ? Probe.more : Probe.no;
  if (start > at && (bytes[start++] !== 0x20 || start - at > lengthDigitsMax + 1 || bytes[at] === 0x30)) return Probe.no;
  const text = behindPriority(bytes, start, end);
  if (text < 0) return text === -2 ? Probe.more : Probe.no;
  const stop = Math.min(end, text + HEAD_BYTES);
  if (DATED.test(latin1(bytes, text, stop))) return Probe.yes;
  if (!isPrintable(bytes, text, stop)) return Probe.no;
  if (stop - text < HEAD_BYTES) return usualPort && stop > text ? Probe.maybe : Probe.more;
  return usualPort ? Probe.yes : Probe.no;
}
