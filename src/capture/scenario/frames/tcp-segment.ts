import type { Path, Side } from "./endpoint.ts";
import type { FrameBuffer } from "./frame-buffer.ts";
import { transportChecksum, writeIp } from "./ip.ts";

const TCP = 6;
const HEADER_BYTES = 20;
const TIMESTAMPS_BYTES = 12;

export const Flag = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32 } as const;

/** What stands in a segment's header; reused for all segments of a connection. */
export interface SegmentHeader {
  fromPort: number;
  toPort: number;
  sequence: number;
  acknowledged: number;
  flags: number;
  window: number;
  /** Options as they stand in the header, padded to four bytes; those of a SYN. */
  options: Uint8Array;
  /** Timestamps of RFC 7323, put before nothing else when `stamped`. */
  stamped: boolean;
  stamp: number;
  echo: number;
}

/** Writes one segment with the payload `bytes[from..to)`; returns the frame's end. */
export function writeSegment(
  frames: FrameBuffer,
  path: Path,
  side: Side,
  head: SegmentHeader,
  bytes: Uint8Array,
  from: number,
  to: number,
): number {
  const { view } = frames;
  const optionBytes = head.options.length + (head.stamped ? TIMESTAMPS_BYTES : 0);
  const length = HEADER_BYTES + optionBytes + to - from;
  const l4 = writeIp(frames, frames.open(), path, side, TCP, length);
  view.setUint16(l4, head.fromPort);
  view.setUint16(l4 + 2, head.toPort);
  view.setUint32(l4 + 4, head.sequence);
  view.setUint32(l4 + 8, head.acknowledged);
  view.setUint16(l4 + 12, ((HEADER_BYTES + optionBytes) << 10) | head.flags);
  view.setUint16(l4 + 14, head.window);
  view.setUint32(l4 + 16, 0);
  let at = l4 + HEADER_BYTES;
  frames.bytes.set(head.options, at);
  at += head.options.length;
  if (head.stamped) {
    view.setUint32(at, 0x0101080a);
    view.setUint32(at + 4, head.stamp);
    view.setUint32(at + 8, head.echo);
    at += TIMESTAMPS_BYTES;
  }
  if (to > from) frames.bytes.set(from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to), at);
  const end = l4 + length;
  view.setUint16(l4 + 16, transportChecksum(view, path.version, TCP, l4, end));
  return end;
}
