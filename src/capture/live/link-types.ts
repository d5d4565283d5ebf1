/** How frames of an interface start. */
export interface LinkFacts {
  /** LINKTYPE_ number (tcpdump.org's registry). */
  readonly linkType: number;
  /** Bytes of link header before the network header; 0 when frames are read from their network header on. */
  readonly headerBytes: number;
}

const LINKTYPE_RAW = 101;

/** ARPHRD_ number (linux/if_arp.h) → what packet sockets deliver for it. */
const LINKS: ReadonlyMap<number, LinkFacts> = new Map([
  [1, { linkType: 1, headerBytes: 14 }],
  [772, { linkType: 1, headerBytes: 14 }],
  [801, { linkType: 105, headerBytes: 24 }],
  [802, { linkType: 119, headerBytes: 144 }],
  [803, { linkType: 127, headerBytes: 0 }],
]);

export const ARPHRD_LOOPBACK = 772;

/** LINKTYPE_ number → DLT_ number of libpcap's filter compiler, where they differ on Linux. */
export const dataLinkType = (linkType: number): number => (linkType === LINKTYPE_RAW ? 12 : linkType);

/**
 * Tunnels, WireGuard, PPP and whatever has no entry are read from the network header on, as LINKTYPE_RAW: their link
 * headers differ between kernels or are missing, while the kernel always says where the network header is.
 */
export const linkFacts = (hardware: number): LinkFacts => LINKS.get(hardware) ?? { linkType: LINKTYPE_RAW, headerBytes: 0 };

/** True when frames begin at the network header and not where the kernel's copy begins. */
export const startsAtNetwork = (link: LinkFacts): boolean => link.linkType === LINKTYPE_RAW;

/**
 * Largest frame that the link carries unmerged: MTU, link header and two VLAN tags that may stand in the frame.
 * Monitor mode (802.11) has no such bound.
 */
export const largestFrame = (link: LinkFacts, mtu: number): number =>
  link.linkType >= 105 && link.linkType !== LINKTYPE_RAW ? 0x7fff_ffff : mtu + link.headerBytes + 8;
