/** Generic UDP Encapsulation (draft-ietf-intarea-gue): a header, or an IP packet as it is. A guess, as all tunnels in UDP are. */
const HEADER_BYTES = 4;
const CONTROL = 0x20;
const WORDS = 0x1f;
const PROTOCOL = 1;
const IPV4_IN = 4;
const IPV6_IN = 41;

/** Offset of the IP packet inside, or -1. */
export function ipAt(view: DataView, at: number, end: number): number {
  if (end - at < HEADER_BYTES) return -1;
  const first = view.getUint8(at);
  // Variant 1: what looks like a version is the first two bits of an IP header.
  if (first >>> 6 === 1) return first >>> 4 === 4 || first >>> 4 === 6 ? at : -1;
  if (first >>> 6 !== 0 || (first & CONTROL) !== 0) return -1;
  const protocol = view.getUint8(at + PROTOCOL);
  const inner = at + HEADER_BYTES + (first & WORDS) * 4;
  if (inner >= end) return -1;
  const nibble = view.getUint8(inner) >>> 4;
  return (protocol === IPV4_IN && nibble === 4) || (protocol === IPV6_IN && nibble === 6) ? inner : -1;
}
