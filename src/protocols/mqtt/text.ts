import { looseText } from "#base/loose-text.ts";
import type { Reader } from "#base/reader.ts";

/** Bytes of one text that are told. */
export const textBytesMax = 1024;

/** A text behind its length in two bytes. */
export function cutText(reader: Reader): string {
  const length = reader.u16();
  const at = reader.skip(length);
  return at < 0 ? "" : cut(reader.bytes, at, at + length, length);
}

/** `bytes[at..end)`, cut when it is long; `length` is the whole text's. */
export function cut(bytes: Uint8Array, at: number, end: number, length: number): string {
  if (length <= textBytesMax) return looseText(bytes, at, end);
  let stop = Math.min(end, at + textBytesMax);
  // No cut within a character.
  for (let i = 0; i < 3 && stop > at && stop < end && ((bytes[stop] as number) & 0xc0) === 0x80; i++) stop--;
  return `${looseText(bytes, at, stop)}[truncated ${length - (stop - at)} additional bytes]`;
}
