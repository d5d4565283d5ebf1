/**
 * The Internet checksum (RFC 1071): ones' complement sum of 16-bit words. All functions here return sums that are
 * folded to 16 bits and in network order, not yet complemented: over a region that includes its own correct checksum
 * the sum is 0xffff.
 */

/** So many bytes cannot overflow the two 32-bit sums. */
const CHUNK_BYTES = 1 << 16;

/** Adds a running sum and the bytes `[from, to)`; the region must start at an even offset of what is summed. */
export function sumBytes(view: DataView, from: number, to: number, running = 0): number {
  let sum = running;
  let at = from;
  for (; to - at > CHUNK_BYTES; at += CHUNK_BYTES) sum = sumChunk(view, at, at + CHUNK_BYTES, sum);
  return sumChunk(view, at, to, sum);
}

function sumChunk(view: DataView, from: number, to: number, running: number): number {
  // The sum does not depend on byte order (RFC 1071 2B), so words are read in the machine's order and swapped once.
  let low = 0;
  let high = 0;
  let at = from;
  for (const stop = to - 15; at < stop; at += 16) {
    const a = view.getInt32(at, true);
    const b = view.getInt32(at + 4, true);
    const c = view.getInt32(at + 8, true);
    const d = view.getInt32(at + 12, true);
    low = (low + (a & 0xffff) + (b & 0xffff) + (c & 0xffff) + (d & 0xffff)) | 0;
    high = (high + (a >>> 16) + (b >>> 16) + (c >>> 16) + (d >>> 16)) | 0;
  }
  for (; at + 1 < to; at += 2) low = (low + view.getUint16(at, true)) | 0;
  if (at < to) low = (low + view.getUint8(at)) | 0;
  const little = fold(fold(low) + fold(high));
  return fold((((little & 0xff) << 8) | (little >>> 8)) + running);
}

/** Folds the carries of a sum below 2^32 into 16 bits. */
export function fold(sum: number): number {
  const once = (sum & 0xffff) + (sum >>> 16);
  return (once & 0xffff) + (once >>> 16);
}

/** Sum of the IPv4 pseudo header (RFC 9293 3.1): addresses of the header at `l3`, protocol, upper-layer length. */
export function pseudoSum4(view: DataView, l3: number, protocol: number, length: number): number {
  const at = l3 + 12;
  return fold(
    view.getUint16(at) +
      view.getUint16(at + 2) +
      view.getUint16(at + 4) +
      view.getUint16(at + 6) +
      protocol +
      (length & 0xffff) +
      (length >>> 16),
  );
}

/** Sum of the IPv6 pseudo header (RFC 8200 8.1): addresses of the header at `l3`, protocol, upper-layer length. */
export function pseudoSum6(view: DataView, l3: number, protocol: number, length: number): number {
  return fold(sumBytes(view, l3 + 8, l3 + 40) + protocol + (length & 0xffff) + (length >>> 16));
}

/** The complement that a sender writes into the checksum field. */
export const complement = (sum: number): number => ~sum & 0xffff;

const crcTable = new Int32Array(256);
for (let i = 0; i < 256; i++) {
  let crc = i;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  crcTable[i] = crc;
}

/** CRC32c (RFC 9260 appendix A) over `[from, to)`, with the four bytes at `zeroed` taken as 0. */
export function crc32c(view: DataView, from: number, to: number, zeroed: number): number {
  let crc = -1;
  for (let at = from; at < to; at++) {
    const byte = at >= zeroed && at < zeroed + 4 ? 0 : view.getUint8(at);
    crc = (crc >>> 8) ^ (crcTable[(crc ^ byte) & 0xff] as number);
  }
  return ~crc;
}
