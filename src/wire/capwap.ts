/** CAPWAP data messages between access point and controller (RFC 5415 4.3). A guess, as all tunnels in UDP are. */
const PREAMBLE_CLEAR = 0;
const HEADER_BYTES = 8;
const WIRELESS_80211 = 1;
const NATIVE_FRAME = 1 << 8;
const FRAGMENT = 1 << 7;

/** Offset of what the message carries, or -1: encrypted, a fragment, a keep-alive, or no CAPWAP. */
export function payloadAt(view: DataView, at: number, end: number): number {
  if (end - at < HEADER_BYTES || view.getUint8(at) !== PREAMBLE_CLEAR) return -1;
  const word = view.getUint32(at);
  const bytes = ((word >>> 19) & 31) * 4;
  if (bytes < HEADER_BYTES || bytes >= end - at || (word & FRAGMENT) !== 0) return -1;
  return ((word >>> 9) & 31) === WIRELESS_80211 ? at + bytes : -1;
}

/** True for an IEEE 802.11 frame, false for Ethernet; the header is present. */
export const isNative = (view: DataView, at: number): boolean => (view.getUint32(at) & NATIVE_FRAME) !== 0;
