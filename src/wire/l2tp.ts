/** Layer Two Tunneling Protocol, version 2, data messages (RFC 2661 3.1). A guess, as all tunnels in UDP are. */
const TYPE_CONTROL = 0x8000;
const HAS_LENGTH = 0x4000;
const HAS_SEQUENCE = 0x0800;
const HAS_OFFSET = 0x0200;
const VERSION = 0x000f;
const RESERVED = 0x34f0;
const IDS_BYTES = 4;

/** Offset of the PPP frame, or -1 when this is no data message of version 2. */
export function pppAt(view: DataView, at: number, end: number): number {
  if (end - at < 2 + IDS_BYTES) return -1;
  const flags = view.getUint16(at);
  if ((flags & (TYPE_CONTROL | RESERVED | VERSION)) !== 2) return -1;
  let to = at + 2 + IDS_BYTES;
  if ((flags & HAS_LENGTH) !== 0) {
    const length = view.getUint16(at + 2);
    if (length < 8 || length > end - at) return -1;
    to += 2;
  }
  if ((flags & HAS_SEQUENCE) !== 0) to += 4;
  if ((flags & HAS_OFFSET) !== 0) {
    if (end - to < 2) return -1;
    to += 2 + view.getUint16(to);
  }
  return to < end ? to : -1;
}
