import { Verdict } from "./verdict.ts";

/** Mirrored Ethernet frames inside GRE (draft-foschiano-erspan-03): type II (version 1) and type III (version 2). */
const VERSION_VLAN = 0;
const SESSION = 2;
const TYPE_3_FLAGS = 10;
export const TYPE_2_BYTES = 8;
export const TYPE_3_BYTES = 12;
const PLATFORM_BYTES = 8;

/** Once this says `ok`, every getter below is safe at `at`, and the whole header is present. */
export function check(view: DataView, at: number, end: number): Verdict {
  if (end - at < TYPE_2_BYTES) return Verdict.erspanTooSmall;
  const version = view.getUint8(at + VERSION_VLAN) >>> 4;
  if (version === 1) return Verdict.ok;
  if (version !== 2) return Verdict.erspanUnsupportedVersion;
  return end - at < TYPE_3_BYTES || end - at < headerBytes(view, at) ? Verdict.erspanTooSmall : Verdict.ok;
}

/** VLAN id of the mirrored frame, 0 when it had none. */
export const vlan = (view: DataView, at: number): number => view.getUint16(at + VERSION_VLAN) & 0xfff;
export const session = (view: DataView, at: number): number => view.getUint16(at + SESSION) & 0x3ff;
export function headerBytes(view: DataView, at: number): number {
  if (view.getUint8(at + VERSION_VLAN) >>> 4 === 1) return TYPE_2_BYTES;
  return TYPE_3_BYTES + ((view.getUint16(at + TYPE_3_FLAGS) & 1) !== 0 ? PLATFORM_BYTES : 0);
}
