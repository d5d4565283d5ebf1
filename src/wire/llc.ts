import { Verdict } from "./verdict.ts";

/** IEEE 802.2 logical link control, and the subnetwork access protocol (RFC 1042, 802.1H). */
const DESTINATION_SAP = 0;
const SOURCE_SAP = 1;
const CONTROL = 2;
const SNAP_ORGANIZATION = 3;
const SNAP_TYPE = 6;
/** Bytes without SNAP. */
export const HEADER_BYTES = 3;
export const SNAP_BYTES = 8;

const SNAP_SAP = 0xaa;
const IP_SAP = 0x06;
const UNNUMBERED = 0x03;
const BRIDGE_TUNNEL = 0x0000f8;

/** Once this says `ok`, every getter below is safe at `at`. */
export function check(view: DataView, at: number, end: number): Verdict {
  if (end - at < HEADER_BYTES) return Verdict.llcTooSmall;
  return isSnap(view, at) && end - at < SNAP_BYTES ? Verdict.llcTooSmall : Verdict.ok;
}

export const isSnap = (view: DataView, at: number): boolean =>
  view.getUint8(at + DESTINATION_SAP) === SNAP_SAP &&
  view.getUint8(at + SOURCE_SAP) === SNAP_SAP &&
  view.getUint8(at + CONTROL) === UNNUMBERED;

/** EtherType of the payload, 0 when it has none (spanning tree, IS-IS, Cisco's own …). */
export function etherType(view: DataView, at: number): number {
  if (!isSnap(view, at)) return view.getUint8(at + DESTINATION_SAP) === IP_SAP && view.getUint8(at + CONTROL) === UNNUMBERED ? 0x0800 : 0;
  const organization = view.getUint32(at + SNAP_ORGANIZATION - 1) & 0xffffff;
  return organization === 0 || organization === BRIDGE_TUNNEL ? view.getUint16(at + SNAP_TYPE) : 0;
}

export const headerBytes = (view: DataView, at: number): number => (isSnap(view, at) ? SNAP_BYTES : HEADER_BYTES);
