/** Teredo (RFC 4380): IPv6 in UDP. As with VXLAN, the answer is a guess. */
const AUTHENTICATION = 0x0001;
const ORIGIN = 0x0000;
const ORIGIN_BYTES = 8;
const IPV6_BYTES = 40;

/**
 * Offset of the IPv6 header behind the optional authentication and origin indications, or -1. The header's length must
 * be that of the datagram, which ends at `wireEnd` on the wire: that is what tells Teredo from other traffic.
 */
export function ipv6At(view: DataView, at: number, end: number, wireEnd: number): number {
  let header = at;
  if (end - header >= 4 && view.getUint16(header) === AUTHENTICATION) header += 13 + view.getUint8(header + 2) + view.getUint8(header + 3);
  if (end - header >= 2 && view.getUint16(header) === ORIGIN) header += ORIGIN_BYTES;
  if (end - header < IPV6_BYTES || view.getUint8(header) >>> 4 !== 6) return -1;
  return view.getUint16(header + 4) + IPV6_BYTES === wireEnd - header ? header : -1;
}
