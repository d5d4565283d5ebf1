import { Verdict } from "./verdict.ts";

/** Linux cooked capture (LINKTYPE_LINUX_SLL of the tcpdump.org registry). */
const HARDWARE = 2;
const PROTOCOL = 14;
export const HEADER_BYTES = 16;

/** Once this says `ok`, every getter below is safe at `at`. */
export function check(_view: DataView, at: number, end: number): Verdict {
  return end - at < HEADER_BYTES ? Verdict.sllTooSmall : Verdict.ok;
}

/** ARPHRD_ number of the device. */
export const hardware = (view: DataView, at: number): number => view.getUint16(at + HARDWARE);
/** EtherType; below 1536 one of Linux's own (4: 802.2 LLC follows). */
export const protocol = (view: DataView, at: number): number => view.getUint16(at + PROTOCOL);
/** `protocol` when 802.2 LLC follows. */
export const PROTOCOL_LLC = 4;
