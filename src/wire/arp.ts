import { Verdict } from "./verdict.ts";

/** Address Resolution Protocol (RFC 826) over Ethernet for IPv4. */
const HARDWARE = 0;
const PROTOCOL = 2;
const HARDWARE_SIZE = 4;
const PROTOCOL_SIZE = 5;
const OPERATION = 6;
const SENDER_MAC = 8;
const SENDER_IP = 14;
const TARGET_MAC = 18;
const TARGET_IP = 24;
/** Bytes of the part that every ARP message has. */
export const FIXED_BYTES = 8;
export const HEADER_BYTES = 28;

/** Once this says `ok`, every getter below is safe at `at`. */
export function check(view: DataView, at: number, end: number): Verdict {
  if (end - at < FIXED_BYTES) return Verdict.arpTooSmall;
  if (view.getUint16(at + HARDWARE) !== 1) return Verdict.arpUnsupportedHardware;
  if (view.getUint16(at + PROTOCOL) !== 0x0800) return Verdict.arpUnsupportedProtocol;
  if (view.getUint8(at + HARDWARE_SIZE) !== 6 || view.getUint8(at + PROTOCOL_SIZE) !== 4) return Verdict.arpInvalidSizes;
  return end - at < HEADER_BYTES ? Verdict.arpTooSmall : Verdict.ok;
}

/** 1 request, 2 reply. */
export const operation = (view: DataView, at: number): number => view.getUint16(at + OPERATION);
/** Offsets of the hardware addresses, six bytes each. */
export const senderMacAt = (at: number): number => at + SENDER_MAC;
export const targetMacAt = (at: number): number => at + TARGET_MAC;
export const senderIp = (view: DataView, at: number): number => view.getInt32(at + SENDER_IP);
export const targetIp = (view: DataView, at: number): number => view.getInt32(at + TARGET_IP);
