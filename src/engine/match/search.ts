import { byteWeights } from "./gram-rarity.ts";

/** From this length on, a native search for one byte is worth its call. */
const longBytes = 128;
/** Bytes of a literal among which the rarest is chosen. */
const weighedMax = 32;

/** 0x20 for the letters A to Z and a to z: the bit in which their cases differ. */
const CASE_BIT = Uint8Array.from({ length: 256 }, (_, byte) => ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a ? 0x20 : 0));

/**
 * Where a literal first stands in `bytes[from..to)`, or -1. `nocase` folds A to Z only. An empty literal stands at `from`.
 * It looks for the literal's rarest byte and compares around it.
 */
export function indexOfLiteral(bytes: Uint8Array, from: number, to: number, literal: Uint8Array, nocase: boolean): number {
  const length = literal.length;
  if (to - from < length) return -1;
  if (length === 0) return from;
  const anchor = rarestByte(literal, nocase);
  const byte = literal[anchor] as number;
  const first = from + anchor;
  const end = to - length + anchor + 1;
  const bit = nocase ? (CASE_BIT[byte] as number) : 0;
  if (bit === 0 && end - first >= longBytes) return searchNatively(bytes, first, end, literal, nocase, anchor);
  return searchFrom(bytes, first, end, literal, nocase, anchor);
}

/** True when the literal stands at `at`, which the caller knows to leave it room. */
export function literalStandsAt(bytes: Uint8Array, at: number, literal: Uint8Array, nocase: boolean): boolean {
  const length = literal.length;
  if (!nocase) {
    for (let i = 0; i < length; i++) if (bytes[at + i] !== literal[i]) return false;
    return true;
  }
  for (let i = 0; i < length; i++) {
    const wanted = literal[i] as number;
    // Equal, or different in the case of a letter and in nothing else.
    if ((((bytes[at + i] as number) ^ wanted) & ~(CASE_BIT[wanted] as number)) !== 0) return false;
  }
  return true;
}

/** Tries every place of the anchor's byte in `bytes[first..end)`. */
function searchFrom(bytes: Uint8Array, first: number, end: number, literal: Uint8Array, nocase: boolean, anchor: number): number {
  const byte = literal[anchor] as number;
  const mask = nocase ? 0xff & ~(CASE_BIT[byte] as number) : 0xff;
  const wanted = byte & mask;
  for (let at = first; at < end; at++)
    if (((bytes[at] as number) & mask) === wanted && literalStandsAt(bytes, at - anchor, literal, nocase)) return at - anchor;
  return -1;
}

/** The same with the machine's search for a byte, as long as that skips enough to pay for its calls. */
function searchNatively(bytes: Uint8Array, first: number, end: number, literal: Uint8Array, nocase: boolean, anchor: number): number {
  const byte = literal[anchor] as number;
  // A window: the search would not stop at `end` by itself.
  const window = bytes.subarray(first, end);
  let patience = 4;
  for (let at = window.indexOf(byte); at >= 0; at = window.indexOf(byte, at + 1)) {
    if (literalStandsAt(bytes, first + at - anchor, literal, nocase)) return first + at - anchor;
    if (--patience + at / longBytes < 0) return searchFrom(bytes, first + at + 1, end, literal, nocase, anchor);
  }
  return -1;
}

/** Where the byte that is rarest in traffic stands in the literal; one without case rather than a letter that has two. */
function rarestByte(literal: Uint8Array, nocase: boolean): number {
  let best = 0;
  let bestWeight = Number.POSITIVE_INFINITY;
  const length = Math.min(literal.length, weighedMax);
  for (let i = 0; i < length; i++) {
    const byte = literal[i] as number;
    const weight = (byteWeights[byte] as number) + (nocase ? 4 * (CASE_BIT[byte] as number) : 0);
    if (weight < bestWeight) {
      best = i;
      bestWeight = weight;
    }
  }
  return best;
}
