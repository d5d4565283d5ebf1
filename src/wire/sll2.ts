import { Verdict } from "./verdict.ts";

/** Linux cooked capture, version 2 (LINKTYPE_LINUX_SLL2). */
const PROTOCOL = 0;
const INTERFACE = 4;
const HARDWARE = 8;
export const HEADER_BYTES = 20;

/** Once this says `ok`, every getter below is safe at `at`. */
export function check(_view: DataView, at: number, end: number): Verdict {
  return end - at < HEADER_BYTES ? Verdict.sll2TooSmall : Verdict.ok;
}

/** EtherType; below 1536 one of Linux's own (4: 802.2 LLC follows). */
export const protocol = (view: DataView, at: number): number => view.getUint16(at + PROTOCOL);
export const interfaceIndex = (view: DataView, at: number): number => view.getUint32(at + INTERFACE);
/** ARPHRD_ number of the device. */
export const hardware = (view: DataView, at: number): number => view.getUint16(at + HARDWARE);
