import { Verdict } from "./verdict.ts";

/** IEEE 802.11 data frames. */
const FRAME_CONTROL = 0;
const FLAGS = 1;
/** Bytes of the header of a data frame between a station and its access point. */
export const HEADER_BYTES = 24;

const TYPE_DATA = 2;
const SUBTYPE_NO_DATA = 4;
const SUBTYPE_QOS = 8;
const TO_AND_FROM_SYSTEM = 3;
const PROTECTED = 0x40;
const ORDERED = 0x80;

/**
 * `ok` for a data frame whose whole header is present and whose payload (LLC) can be read; then the getter below is
 * safe at `at`. Management and control frames carry no data, protected frames none that can be read.
 */
export function check(view: DataView, at: number, end: number): Verdict {
  if (end - at < 2) return Verdict.ieee80211TooSmall;
  const control = view.getUint8(at + FRAME_CONTROL);
  if ((control & 3) !== 0) return Verdict.ieee80211WrongVersion;
  if (((control >>> 2) & 3) !== TYPE_DATA || ((control >>> 4) & SUBTYPE_NO_DATA) !== 0) return Verdict.noData;
  if (end - at < headerBytes(view, at)) return Verdict.ieee80211TooSmall;
  return (view.getUint8(at + FLAGS) & PROTECTED) !== 0 ? Verdict.encrypted : Verdict.ok;
}

/** Bytes of a data frame's header: a fourth address, quality of service and HT control where its flags say so. */
export function headerBytes(view: DataView, at: number): number {
  const flags = view.getUint8(at + FLAGS);
  let bytes = HEADER_BYTES;
  if ((flags & 3) === TO_AND_FROM_SYSTEM) bytes += 6;
  if (((view.getUint8(at + FRAME_CONTROL) >>> 4) & SUBTYPE_QOS) === 0) return bytes;
  return bytes + ((flags & ORDERED) !== 0 ? 6 : 2);
}
