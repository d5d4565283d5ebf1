/** IP protocol numbers (IANA) as EVE's `proto` names them. */
const names: Readonly<Record<number, string>> = {
  0: "HOPOPT",
  1: "ICMP",
  2: "IGMP",
  4: "IPIP",
  6: "TCP",
  8: "EGP",
  17: "UDP",
  27: "RDP",
  33: "DCCP",
  41: "IPv6",
  46: "RSVP",
  47: "GRE",
  50: "ESP",
  51: "AH",
  58: "IPv6-ICMP",
  59: "IPv6-NONXT",
  88: "EIGRP",
  89: "OSPFIGP",
  103: "PIM",
  112: "VRRP",
  115: "L2TP",
  132: "SCTP",
  136: "UDPLite",
};

const texts = Array.from({ length: 256 }, (_, number) => names[number] ?? String(number).padStart(3, "0"));

/** Name of an IP protocol number, or the number with three digits when it has none. */
export const protocolName = (number: number): string => texts[number & 0xff] as string;
