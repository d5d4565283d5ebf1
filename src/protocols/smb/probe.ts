import type { ByteView } from "#base/bytes.ts";
import { Probe, type Side } from "#contract/parser.ts";

/** Session request (RFC 1002 §4.3.2): two names of 34 bytes in NetBIOS' half-ASCII. */
const SESSION_REQUEST = 0x81;
const REQUEST_BYTES = 68;
const ENCODED_LETTERS = 32;

/** A session frame around one of SMB's four magic numbers, or a request for a session. */
export function probe(_side: Side, input: ByteView, usualPort: boolean): Probe {
  const { view, at, end } = input;
  const length = end - at;
  if (length === 0) return Probe.more;
  const type = view.getUint8(at);
  if (type === SESSION_REQUEST) return probeSession(view, at, end);
  if (type !== 0) return usualPort && length === 4 && (type === 0x82 || type === 0x83) ? Probe.maybe : Probe.no;
  if (length < 5) return Probe.more;
  const magic = view.getUint8(at + 4);
  if (magic < 0xfc) return Probe.no;
  const have = Math.min(length, 8);
  for (let i = 5; i < have; i++) if (view.getUint8(at + i) !== (i === 5 ? 0x53 : i === 6 ? 0x4d : 0x42)) return Probe.no;
  return have < 8 ? Probe.more : (view.getUint32(at) & 0xff_ffff) >= 16 ? Probe.yes : Probe.no;
}

function probeSession(view: DataView, at: number, end: number): Probe {
  if (end - at < 4) return Probe.more;
  if (view.getUint32(at) !== SESSION_REQUEST * 0x100_0000 + REQUEST_BYTES) return Probe.no;
  const stop = Math.min(end, at + 5 + ENCODED_LETTERS);
  for (let i = at + 4; i < stop; i++) {
    const byte = view.getUint8(i);
    if (i === at + 4 ? byte !== ENCODED_LETTERS : byte < 0x41 || byte > 0x50) return Probe.no;
  }
  return stop === at + 5 + ENCODED_LETTERS ? Probe.yes : Probe.more;
}
