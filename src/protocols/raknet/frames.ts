/** A message in a datagram of an open connection. One object is used for all of them. */
export interface Frame {
  /** Place and length of what it carries. */
  at: number;
  length: number;
  reliability: number;
  /** Part of a longer message: how many, which message, which part; count is 0 for a whole one. */
  splitCount: number;
  splitId: number;
  splitIndex: number;
}

/** Flags, sequence number. */
export const HEADER_BYTES = 4;
const SPLIT = 0x10;
/** By reliability: bytes of the indices behind flags and length. */
const indexBytes = [0, 7, 3, 7, 10, 0, 3, 7];

export const newFrame = (): Frame => ({ at: 0, length: 0, reliability: 0, splitCount: 0, splitId: 0, splitIndex: 0 });

/** Reads the frame at `at` and returns the place behind it, -1 when it does not fit. */
export function readFrame(frame: Frame, view: DataView, at: number, end: number): number {
  if (end - at < 4) return -1;
  const flags = view.getUint8(at);
  const bits = view.getUint16(at + 1);
  frame.reliability = flags >>> 5;
  frame.splitCount = 0;
  let i = at + 3 + (indexBytes[frame.reliability] as number);
  if ((flags & SPLIT) !== 0) {
    if (end - i < 10) return -1;
    frame.splitCount = view.getUint32(i);
    frame.splitId = view.getUint16(i + 4);
    frame.splitIndex = view.getUint32(i + 6);
    if (frame.splitCount < 2 || frame.splitIndex >= frame.splitCount) return -1;
    i += 10;
  }
  frame.at = i;
  frame.length = (bits + 7) >>> 3;
  const next = i + frame.length;
  return frame.length === 0 || next > end ? -1 : next;
}

/** Frames of a datagram, from flags to end; 0 when they do not fill it. */
export function countFrames(view: DataView, at: number, end: number): number {
  const frame = newFrame();
  let count = 0;
  for (let i = at + HEADER_BYTES; i < end; count++) {
    i = readFrame(frame, view, i, end);
    if (i < 0) return 0;
  }
  return count;
}

/** True when the ranges of an acknowledgement fill the datagram: how many, then single numbers or first and last. */
export function isAcknowledgement(view: DataView, at: number, end: number): boolean {
  if (end - at < 7) return false;
  const count = view.getUint16(at + 1);
  let i = at + 3;
  for (let range = 0; range < count; range++) {
    if (i >= end) return false;
    const single = view.getUint8(i);
    if (single > 1) return false;
    i += single === 1 ? 4 : 7;
  }
  return count > 0 && i === end;
}
