/** GTP-U version 1 (3GPP TS 29.281): packets of mobile users. As with VXLAN, the answer is a guess. */
const FLAGS = 0;
const TYPE = 1;
const LENGTH = 2;
const NEXT_EXTENSION = 11;
/** Bytes of a header without optional fields. */
export const HEADER_BYTES = 8;
const OPTIONAL_BYTES = 4;

const VERSION_1_GTP = 0x30;
const HAS_OPTIONAL = 0x07;
const HAS_EXTENSION = 0x04;
const TYPE_USER_DATA = 0xff;
/** Extension headers that are stepped over. */
const extensionsMax = 8;

/**
 * Offset of the user's IP packet, or -1. Version, message type and a length that is the datagram's (which ends at
 * `wireEnd` on the wire) tell GTP from other traffic.
 */
export function payloadAt(view: DataView, at: number, end: number, wireEnd: number): number {
  if (end - at < HEADER_BYTES + 1) return -1;
  const flags = view.getUint8(at + FLAGS);
  if ((flags & 0xf0) !== VERSION_1_GTP || view.getUint8(at + TYPE) !== TYPE_USER_DATA) return -1;
  if (view.getUint16(at + LENGTH) !== wireEnd - at - HEADER_BYTES) return -1;
  let payload = at + HEADER_BYTES;
  if ((flags & HAS_OPTIONAL) !== 0) {
    payload += OPTIONAL_BYTES;
    if (payload < end && (flags & HAS_EXTENSION) !== 0) payload = behindExtensions(view, at + NEXT_EXTENSION, end);
  }
  if (payload < 0 || payload >= end) return -1;
  const version = view.getUint8(payload) >>> 4;
  return version === 4 || version === 6 ? payload : -1;
}

/** Extension headers: length in units of 4 bytes, content, type of the next; `nextAt` is where the first type stands. */
function behindExtensions(view: DataView, nextAt: number, end: number): number {
  let next = nextAt;
  for (let count = 0; count <= extensionsMax; count++) {
    if (view.getUint8(next) === 0) return next + 1;
    if (next + 1 >= end) return -1;
    const bytes = view.getUint8(next + 1) * 4;
    if (bytes === 0 || next + bytes >= end) return -1;
    next += bytes;
  }
  return -1;
}
