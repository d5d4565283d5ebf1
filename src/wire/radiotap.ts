import { Verdict } from "./verdict.ts";

/** Radio information in front of 802.11 frames (radiotap.org); little-endian. */
const VERSION = 0;
const LENGTH = 2;
const PRESENT = 4;
export const HEADER_BYTES = 8;
/** Words of the presence bitmap that are read. */
const presentWordsMax = 32;

const FLAGS_PAD = 0x20;
const FLAGS_FCS = 0x10;

/** Once this says `ok`, every getter below is safe at `at`, and the whole header is present. */
export function check(view: DataView, at: number, end: number): Verdict {
  if (end - at < HEADER_BYTES || view.getUint8(at + VERSION) !== 0) return Verdict.radiotapMalformed;
  const bytes = headerBytes(view, at);
  return bytes < HEADER_BYTES || bytes > end - at ? Verdict.radiotapMalformed : Verdict.ok;
}

export const headerBytes = (view: DataView, at: number): number => view.getUint16(at + LENGTH, true);
/** True when the frame's check sequence (4 bytes) is at its end. */
export const hasFcs = (view: DataView, at: number): boolean => (frameFlags(view, at) & FLAGS_FCS) !== 0;
/** True when the 802.11 header is padded to a multiple of 4. */
export const isPadded = (view: DataView, at: number): boolean => (frameFlags(view, at) & FLAGS_PAD) !== 0;

/** The flags field (bit 1 of the bitmap), which stands behind the time stamp (bit 0, aligned to 8). */
function frameFlags(view: DataView, at: number): number {
  const end = at + headerBytes(view, at);
  const present = view.getUint32(at + PRESENT, true);
  if ((present & 2) === 0) return 0;
  let field = at + HEADER_BYTES;
  let word = present;
  for (let count = 0; (word & 0x80000000) !== 0 && count < presentWordsMax; count++) {
    if (field + 4 > end) return 0;
    word = view.getUint32(field, true);
    field += 4;
  }
  if ((present & 1) !== 0) field = at + ((field - at + 7) & ~7) + 8;
  return field < end ? view.getUint8(field) : 0;
}
