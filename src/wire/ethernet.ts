import { Verdict } from "./verdict.ts";

/** Ethernet II and IEEE 802.3 frames. */
const DESTINATION = 0;
const SOURCE = 6;
const TYPE = 12;
export const HEADER_BYTES = 14;

/** Once this says `ok`, every getter below is safe at `at`. */
export function check(_view: DataView, at: number, end: number): Verdict {
  return end - at < HEADER_BYTES ? Verdict.ethernetTooSmall : Verdict.ok;
}

/** Offsets of the addresses, six bytes each. */
export const destinationAt = (at: number): number => at + DESTINATION;
export const sourceAt = (at: number): number => at + SOURCE;
/** EtherType, or the payload's length when at most `LENGTH_MAX` (IEEE 802.3). */
export const type = (view: DataView, at: number): number => view.getUint16(at + TYPE);

/** Type fields up to here are lengths. */
export const LENGTH_MAX = 1500;

export const EtherType = {
  ipv4: 0x0800,
  arp: 0x0806,
  transparentEthernet: 0x6558,
  vlan: 0x8100,
  ipv6: 0x86dd,
  ppp: 0x880b,
  mpls: 0x8847,
  mplsMulticast: 0x8848,
  pppoeDiscovery: 0x8863,
  pppoeSession: 0x8864,
  serviceVlan: 0x88a8,
  erspan: 0x88be,
  pbb: 0x88e7,
  dce: 0x8903,
  vntag: 0x8926,
  qinq: 0x9100,
  qinq2: 0x9200,
  qinq3: 0x9300,
  erspan3: 0x22eb,
  wccp: 0x883e,
  etag: 0x893f,
  nsh: 0x894f,
} as const;

/** True for the tag protocol identifiers of VLAN tags: 802.1Q, 802.1ad and the older QinQ values. */
export const isVlanTag = (etherType: number): boolean =>
  etherType === EtherType.vlan ||
  etherType === EtherType.serviceVlan ||
  etherType === EtherType.qinq ||
  etherType === EtherType.qinq2 ||
  etherType === EtherType.qinq3;
