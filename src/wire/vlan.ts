import { Verdict } from "./verdict.ts";

/** IEEE 802.1Q tag control information and the EtherType behind it (the tag protocol identifier stands before `at`). */
const TCI = 0;
const TYPE = 2;
export const HEADER_BYTES = 4;
/** Tags on one frame that are read; more make the frame invalid. */
export const vlanTagsMax = 8;

/** Once this says `ok`, every getter below is safe at `at`. */
export function check(_view: DataView, at: number, end: number): Verdict {
  return end - at < HEADER_BYTES ? Verdict.vlanTooSmall : Verdict.ok;
}

/** VLAN id; 0 is a mere priority tag that names no VLAN. */
export const id = (view: DataView, at: number): number => view.getUint16(at + TCI) & 0xfff;
export const priority = (view: DataView, at: number): number => view.getUint8(at + TCI) >>> 5;
export const type = (view: DataView, at: number): number => view.getUint16(at + TYPE);
