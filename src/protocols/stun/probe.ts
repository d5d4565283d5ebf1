import type { ByteView } from "#base/bytes.ts";
import { Probe, type Side } from "#contract/parser.ts";

export const COOKIE = 0x2112a442;
export const HEADER_BYTES = 20;

/** Attributes of RFC 3489, which has no cookie to be recognised by. */
const isClassicType = (type: number): boolean => (type >= 1 && type <= 0xb) || type === 0x8020 || type === 0x8022 || type === 0x8050;

/** Whether a message's header stands at `at`; `length` is set by the caller. */
const isHeader = (view: DataView, at: number): boolean => (view.getUint16(at) & 0xc000) === 0 && (view.getUint16(at + 2) & 3) === 0;

/** The cookie and a length that fits; without a cookie attributes that fill the datagram to its end. */
export function probeDatagram(_side: Side, { bytes, view, at, end }: ByteView, usualPort: boolean): Probe {
  if (end - at < HEADER_BYTES || (bytes[at] as number) >= 0x40 || !isHeader(view, at)) return Probe.no;
  const stop = at + HEADER_BYTES + view.getUint16(at + 2);
  if (view.getUint32(at + 4) === COOKIE) return stop <= end ? Probe.yes : Probe.no;
  // Classic: Binding or Shared Secret, request, answer or error.
  const type = view.getUint16(at) & ~0x0110;
  if (stop !== end || (type !== 1 && type !== 2)) return Probe.no;
  if (stop === at + HEADER_BYTES) return view.getUint16(at) === 1 ? Probe.maybe : Probe.no;
  let next = at + HEADER_BYTES;
  for (; next + 4 <= end; next += 4 + view.getUint16(next + 2)) if (!isClassicType(view.getUint16(next))) return Probe.no;
  return next !== end ? Probe.no : usualPort ? Probe.yes : Probe.maybe;
}

/** The cookie, behind a length when packets are framed (RFC 4571). */
export function probeStream(_side: Side, { bytes, view, at, end }: ByteView): Probe {
  if (at === end) return Probe.more;
  if ((bytes[at] as number) >= 0x40) return Probe.no;
  if (end - at < 10) {
    if (end - at >= 4 && !isHeader(view, at) && view.getUint16(at) < HEADER_BYTES) return Probe.no;
    return Probe.more;
  }
  if (view.getUint32(at + 4) === COOKIE && isHeader(view, at)) return Probe.yes;
  return view.getUint32(at + 6) === COOKIE && isHeader(view, at + 2) && view.getUint16(at) >= HEADER_BYTES + view.getUint16(at + 4)
    ? Probe.yes
    : Probe.no;
}
