import * as ethernet from "#wire/ethernet.ts";
import { EtherType } from "#wire/ethernet.ts";
import * as ipv4 from "#wire/ipv4.ts";
import * as ipv6 from "#wire/ipv6.ts";
import { IpProtocol } from "#wire/protocol.ts";
import * as tcp from "#wire/tcp.ts";
import * as udp from "#wire/udp.ts";
import type { PacketColumns } from "./columns.ts";
import { isTunnelPort } from "./decode-transport.ts";

// An imported table costs two loads at each use, a constant of this module none.
const IPV4 = EtherType.ipv4;
const IPV6 = EtherType.ipv6;
const TCP = IpProtocol.tcp;
const UDP = IpProtocol.udp;
const ETHER_BYTES = ethernet.HEADER_BYTES;
const IPV4_BYTES = ipv4.HEADER_BYTES;
const IPV6_BYTES = ipv6.HEADER_BYTES;
const TCP_BYTES = tcp.HEADER_BYTES;
const UDP_BYTES = udp.HEADER_BYTES;
const SMALLEST = ETHER_BYTES + IPV4_BYTES + UDP_BYTES;
const IPV4_WITHOUT_OPTIONS = 0x45;
const NOP_NOP_TIMESTAMPS = 0x0101080a;

/**
 * Nine frames of ten in one straight piece: Ethernet, IPv4 without options or IPv6 without extensions, TCP with no
 * options but time stamps, or UDP on a port that no tunnel uses; whole, unfragmented, without a broken rule. Fills
 * the wiped row and answers true, or leaves it to the walk and answers false: then nothing that it wrote stays, as
 * the last thing that can fail comes before the first write. What it writes is what the walk would write (a test
 * compares them); it is there for speed alone and halves the cost of a packet.
 */
export function readCommon(view: DataView, columns: PacketColumns, row: number, at: number, captured: number): boolean {
  if (captured < SMALLEST) return false;
  const end = at + captured;
  const type = ethernet.type(view, at);
  if (type === IPV4) return commonIpv4(view, columns, row, at, end);
  return type === IPV6 && commonIpv6(view, columns, row, at, end);
}

function commonIpv4(view: DataView, columns: PacketColumns, row: number, at: number, end: number): boolean {
  const l3 = at + ETHER_BYTES;
  const stop = l3 + ipv4.totalBytes(view, l3);
  if (view.getUint8(l3) !== IPV4_WITHOUT_OPTIONS || stop > end || ipv4.isFragment(view, l3)) return false;
  const protocol = ipv4.protocol(view, l3);
  const l4 = l3 + IPV4_BYTES;
  if (protocol === TCP) {
    if (!commonTcp(view, columns, row, l4, stop)) return false;
  } else if (protocol !== UDP || !commonUdp(view, columns, row, l4, stop)) return false;
  columns.ipVersion[row] = 4;
  columns.protocol[row] = protocol;
  columns.ether[row] = at;
  columns.l3[row] = l3;
  columns.source0[row] = ipv4.source(view, l3);
  columns.target0[row] = ipv4.target(view, l3);
  return true;
}

function commonIpv6(view: DataView, columns: PacketColumns, row: number, at: number, end: number): boolean {
  const l3 = at + ETHER_BYTES;
  const l4 = l3 + IPV6_BYTES;
  const payload = ipv6.payloadBytes(view, l3);
  if (ipv6.version(view, l3) !== 6 || payload === 0 || l4 + payload > end) return false;
  const protocol = ipv6.nextHeader(view, l3);
  if (protocol === TCP) {
    if (!commonTcp(view, columns, row, l4, l4 + payload)) return false;
  } else if (protocol !== UDP || !commonUdp(view, columns, row, l4, l4 + payload)) return false;
  columns.ipVersion[row] = 6;
  columns.protocol[row] = protocol;
  columns.ether[row] = at;
  columns.l3[row] = l3;
  columns.source0[row] = ipv6.sourceWord(view, l3, 0);
  columns.source1[row] = ipv6.sourceWord(view, l3, 1);
  columns.source2[row] = ipv6.sourceWord(view, l3, 2);
  columns.source3[row] = ipv6.sourceWord(view, l3, 3);
  columns.target0[row] = ipv6.targetWord(view, l3, 0);
  columns.target1[row] = ipv6.targetWord(view, l3, 1);
  columns.target2[row] = ipv6.targetWord(view, l3, 2);
  columns.target3[row] = ipv6.targetWord(view, l3, 3);
  return true;
}

function commonTcp(view: DataView, columns: PacketColumns, row: number, at: number, stop: number): boolean {
  if (stop - at < TCP_BYTES) return false;
  const bytes = tcp.headerBytes(view, at);
  if (bytes !== TCP_BYTES && (bytes !== 32 || stop - at < 32 || view.getInt32(at + 20) !== NOP_NOP_TIMESTAMPS)) return false;
  columns.l4[row] = at;
  columns.sourcePort[row] = tcp.sourcePort(view, at);
  columns.targetPort[row] = tcp.targetPort(view, at);
  columns.tcpSeq[row] = tcp.sequence(view, at);
  columns.tcpAck[row] = tcp.acknowledgement(view, at);
  columns.tcpFlags[row] = tcp.flags(view, at);
  columns.tcpWindow[row] = tcp.window(view, at);
  columns.payload[row] = at + bytes;
  columns.payloadBytes[row] = stop - at - bytes;
  columns.payloadWireBytes[row] = stop - at - bytes;
  return true;
}

function commonUdp(view: DataView, columns: PacketColumns, row: number, at: number, stop: number): boolean {
  if (stop - at < UDP_BYTES || udp.length(view, at) !== stop - at) return false;
  const source = udp.sourcePort(view, at);
  const target = udp.targetPort(view, at);
  if (isTunnelPort(source) || isTunnelPort(target)) return false;
  columns.l4[row] = at;
  columns.sourcePort[row] = source;
  columns.targetPort[row] = target;
  columns.payload[row] = at + UDP_BYTES;
  columns.payloadBytes[row] = stop - at - UDP_BYTES;
  columns.payloadWireBytes[row] = stop - at - UDP_BYTES;
  return true;
}
