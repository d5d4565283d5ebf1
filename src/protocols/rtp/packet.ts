import type { ByteView } from "#base/bytes.ts";

/** RFC 3550 §5.1. */
export const HEADER_BYTES = 12;
const SEQUENCE = 2;
const TIMESTAMP = 4;
const SSRC = 8;

/** Types that RFC 5761 §4 keeps for the control protocol, with the marker bit. */
export const isControl = (second: number): boolean => second >= 192 && second <= 223;
export const sequence = (view: DataView, at: number): number => view.getUint16(at + SEQUENCE);
export const timestamp = (view: DataView, at: number): number => view.getUint32(at + TIMESTAMP);
export const ssrc = (view: DataView, at: number): number => view.getUint32(at + SSRC);

/** Bytes of payload, or -1 when the datagram is no RTP packet: version, sources, extension and padding must fit. */
export function payloadBytes({ bytes, view, at, end }: ByteView): number {
  if (end - at < HEADER_BYTES) return -1;
  const first = bytes[at] as number;
  if (first >>> 6 !== 2 || isControl(bytes[at + 1] as number)) return -1;
  let payload = at + HEADER_BYTES + 4 * (first & 15);
  if ((first & 0x10) !== 0) {
    if (payload + 4 > end) return -1;
    payload += 4 + 4 * view.getUint16(payload + 2);
  }
  const padding = (first & 0x20) === 0 ? 0 : (bytes[end - 1] as number);
  if ((first & 0x20) !== 0 && padding === 0) return -1;
  return end - payload - padding;
}

/** Payload types with a fixed meaning (RFC 3551 §6). */
const STATIC: { readonly [type: number]: string } = {
  0: "PCMU/8000",
  3: "GSM/8000",
  4: "G723/8000",
  5: "DVI4/8000",
  6: "DVI4/16000",
  7: "LPC/8000",
  8: "PCMA/8000",
  9: "G722/8000",
  10: "L16/44100/2",
  11: "L16/44100",
  12: "QCELP/8000",
  13: "CN/8000",
  14: "MPA/90000",
  15: "G728/8000",
  16: "DVI4/11025",
  17: "DVI4/22050",
  18: "G729/8000",
  25: "CelB/90000",
  26: "JPEG/90000",
  28: "nv/90000",
  31: "H261/90000",
  32: "MPV/90000",
  33: "MP2T/90000",
  34: "H263/90000",
};

export const staticCodec = (type: number): string | undefined => STATIC[type];
/** Types that are in use: fixed ones, and those that sessions give a meaning. */
export const likelyType = (type: number): boolean => STATIC[type] !== undefined || type >= 96;
/** Ticks of the media's clock in a second, of `PCMU/8000`; 0 when it does not say. */
export const clockRate = (codec: string | undefined): number => Number(codec?.split("/")[1] ?? 0) || 0;
