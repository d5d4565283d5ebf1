import { complement, sumBytes } from "#wire/checksum.ts";
import type { Path, Side } from "./endpoint.ts";
import type { FrameBuffer } from "./frame-buffer.ts";
import { transportChecksum, writeIp } from "./ip.ts";

const UDP = 17;
const ICMP = 1;
const ICMPV6 = 58;

/** Writes one UDP datagram; returns the frame's end. */
export function writeDatagram(frames: FrameBuffer, path: Path, side: Side, fromPort: number, toPort: number, payload: Uint8Array): number {
  const { view } = frames;
  const length = 8 + payload.length;
  const l4 = writeIp(frames, frames.open(), path, side, UDP, length);
  view.setUint16(l4, fromPort);
  view.setUint16(l4 + 2, toPort);
  view.setUint16(l4 + 4, length);
  view.setUint16(l4 + 6, 0);
  frames.bytes.set(payload, l4 + 8);
  // A sum of 0 is sent as 0xffff (RFC 768): 0 would mean that there is none.
  view.setUint16(l4 + 6, transportChecksum(view, path.version, UDP, l4, l4 + length) || 0xffff);
  return l4 + length;
}

/** Writes one ICMP or ICMPv6 message whose checksum field (bytes 2 and 3) holds 0; returns the frame's end. */
export function writeIcmp(frames: FrameBuffer, path: Path, side: Side, message: Uint8Array, hops = 0): number {
  const { view } = frames;
  const protocol = path.version === 4 ? ICMP : ICMPV6;
  const l4 = writeIp(frames, frames.open(), path, side, protocol, message.length, hops);
  const end = l4 + message.length;
  frames.bytes.set(message, l4);
  view.setUint16(l4 + 2, path.version === 6 ? transportChecksum(view, 6, ICMPV6, l4, end) : complement(sumBytes(view, l4, end)));
  return end;
}
