import { EtherType, isVlanTag, LENGTH_MAX } from "./ethernet.ts";
import { Verdict } from "./verdict.ts";

/** Multiprotocol Label Switching (RFC 3032, RFC 7274). */
export const HEADER_BYTES = 4;
/** Labels of one stack that are read. */
export const labelsMax = 16;

/** Once this says `ok`, every getter below is safe at `at`. */
export function check(view: DataView, at: number, end: number): Verdict {
  if (end - at < HEADER_BYTES) return Verdict.mplsTooSmall;
  const value = label(view, at);
  if (value >= 16) return Verdict.ok;
  if (value === 1 && isBottom(view, at)) return Verdict.mplsRouterAlertLabel;
  if (value === 3) return Verdict.mplsImplicitNullLabel;
  return value >= 4 && value !== 7 && value !== 13 && value !== 14 && value !== 15 ? Verdict.mplsReservedLabel : Verdict.ok;
}

export const label = (view: DataView, at: number): number => view.getUint32(at) >>> 12;
/** True for the last label of the stack. */
export const isBottom = (view: DataView, at: number): boolean => (view.getUint8(at + 2) & 1) !== 0;

export const MplsPayload = { unknown: 0, ipv4: 1, ipv6: 2, ethernet: 3, controlledEthernet: 4 } as const;
export type MplsPayload = (typeof MplsPayload)[keyof typeof MplsPayload];

/**
 * What follows the bottom label. MPLS does not say: labels 0 and 2 name the IP version, otherwise the first nibble is
 * the guess that routers make too (RFC 4928), and a pseudowire's Ethernet is known by its type field.
 */
export function payloadKind(view: DataView, bottom: number, at: number, end: number): MplsPayload {
  if (end <= at) return MplsPayload.unknown;
  if (looksLikeEthernet(view, at, end)) return MplsPayload.ethernet;
  const value = label(view, bottom);
  if (value === 0) return MplsPayload.ipv4;
  if (value === 2) return MplsPayload.ipv6;
  const nibble = view.getUint8(at) >>> 4;
  if (nibble === 4) return MplsPayload.ipv4;
  if (nibble === 6) return MplsPayload.ipv6;
  return nibble === 0 && looksLikeEthernet(view, at + 4, end) ? MplsPayload.controlledEthernet : MplsPayload.unknown;
}

/** The type field of an Ethernet header at `at` names what is met inside pseudowires, and its content agrees. */
function looksLikeEthernet(view: DataView, at: number, end: number): boolean {
  if (end - at < 18) return false;
  const type = view.getUint16(at + 12);
  if (type === EtherType.ipv4) return view.getUint8(at + 14) >>> 4 === 4;
  if (type === EtherType.ipv6) return view.getUint8(at + 14) >>> 4 === 6;
  if (type === EtherType.arp) return view.getUint32(at + 14) === 0x00010800;
  if (isVlanTag(type)) return true;
  // Spanning tree and other LLC in a frame whose length agrees.
  return type >= 3 && type <= LENGTH_MAX && (view.getUint8(at) & 1) === 1 && type <= end - at - 14 && view.getUint16(at + 14) === 0x4242;
}
