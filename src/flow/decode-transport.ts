import * as icmp from "#wire/icmp.ts";
import * as icmpv6 from "#wire/icmpv6.ts";
import * as ipv6 from "#wire/ipv6.ts";
import { IpProtocol } from "#wire/protocol.ts";
import * as sctp from "#wire/sctp.ts";
import * as tcp from "#wire/tcp.ts";
import * as tcpOptions from "#wire/tcp-options.ts";
import * as udp from "#wire/udp.ts";
import { Verdict } from "#wire/verdict.ts";
import { PacketFlag } from "./columns.ts";
import { layerOfProtocol, writePayload, writePorts, writeTcp } from "./decode-ip-rare.ts";
import { broken, fail, Layer, short, type Walk } from "./decode-walk.ts";

const OK = Verdict.ok;

export function readTcp(walk: Walk): Layer {
  const { view, columns, row, at, end } = walk;
  if (tcp.check(view, at, end) !== OK) return shortTcp(walk);
  const bytes = tcp.headerBytes(view, at);
  columns.l4[row] = at;
  columns.sourcePort[row] = tcp.sourcePort(view, at);
  columns.targetPort[row] = tcp.targetPort(view, at);
  columns.tcpSeq[row] = tcp.sequence(view, at);
  columns.tcpAck[row] = tcp.acknowledgement(view, at);
  columns.tcpFlags[row] = tcp.flags(view, at);
  columns.tcpWindow[row] = tcp.window(view, at);
  columns.payload[row] = at + bytes;
  columns.payloadBytes[row] = end - at - bytes;
  columns.payloadWireBytes[row] = walk.wireEnd - at - bytes;
  if (bytes > tcp.HEADER_BYTES) {
    const verdict = tcpOptions.checkOptions(view, at);
    if (verdict !== OK) fail(walk, verdict);
  }
  return Layer.done;
}

export function readUdp(walk: Walk): Layer {
  const { view, columns, row, at } = walk;
  const verdict = udp.check(view, at, walk.end);
  if (verdict !== OK && !isOnlyCut(walk, verdict)) return shortTransport(walk, verdict, udp.HEADER_BYTES);
  const source = udp.sourcePort(view, at);
  const target = udp.targetPort(view, at);
  const length = udp.length(view, at);
  columns.l4[row] = at;
  columns.sourcePort[row] = source;
  columns.targetPort[row] = target;
  // The datagram may be shorter than the packet; length 0 is a jumbogram's.
  if (length !== 0) {
    walk.wireEnd = at + length;
    if (walk.end > at + length) walk.end = at + length;
  }
  columns.payload[row] = at + udp.HEADER_BYTES;
  columns.payloadBytes[row] = walk.end - at - udp.HEADER_BYTES;
  columns.payloadWireBytes[row] = walk.wireEnd - at - udp.HEADER_BYTES;
  return isTunnelPort(target) || isTunnelPort(source) ? Layer.udpTunnel : Layer.done;
}

export const UdpTunnelPort = {
  l2tp: 1701,
  gtp: 2152,
  teredo: 3544,
  greInUdp: 4754,
  vxlan: 4789,
  vxlanGpe: 4790,
  capwapData: 5247,
  gue: 6080,
  geneve: 6081,
  mplsInUdp: 6635,
  linuxVxlan: 8472,
  tzsp: 37_008,
} as const;

// An imported or frozen table costs loads at each use, constants of this module none.
const LOWEST_TUNNEL = UdpTunnelPort.l2tp;
const HIGHEST_TUNNEL = UdpTunnelPort.linuxVxlan;
/** Apart, because the ports between are those of clients. */
const TZSP = UdpTunnelPort.tzsp;

/** True for a port that tunnels use. */
export const isTunnelPort = (port: number): boolean => (port >= LOWEST_TUNNEL && port <= HIGHEST_TUNNEL && isListed(port)) || port === TZSP;

function isListed(port: number): boolean {
  switch (port) {
    case UdpTunnelPort.l2tp:
    case UdpTunnelPort.gtp:
    case UdpTunnelPort.capwapData:
    case UdpTunnelPort.gue:
    case UdpTunnelPort.teredo:
    case UdpTunnelPort.greInUdp:
    case UdpTunnelPort.vxlan:
    case UdpTunnelPort.vxlanGpe:
    case UdpTunnelPort.geneve:
    case UdpTunnelPort.mplsInUdp:
    case UdpTunnelPort.linuxVxlan:
      return true;
    default:
      return false;
  }
}

/** True when the datagram is longer than what was captured, but not than what was on the wire. */
const isOnlyCut = (walk: Walk, verdict: Verdict): boolean =>
  verdict === Verdict.udpTooSmall && walk.wireEnd - walk.at >= udp.length(walk.view, walk.at);

export function readUdpLite(walk: Walk): Layer {
  const { columns, row, at } = walk;
  const verdict = udp.checkLite(walk.view, at, walk.end);
  if (verdict === Verdict.udpHeaderTooSmall) return shortTransport(walk, verdict, udp.HEADER_BYTES);
  writePorts(walk);
  columns.l4[row] = at;
  writePayload(walk, at + udp.HEADER_BYTES);
  if (verdict !== OK && walk.end === walk.wireEnd) fail(walk, verdict);
  return Layer.done;
}

export function readSctp(walk: Walk): Layer {
  const { columns, row, at } = walk;
  const verdict = sctp.check(walk.view, at, walk.end);
  if (verdict !== OK) return shortTransport(walk, verdict, sctp.HEADER_BYTES);
  writePorts(walk);
  columns.l4[row] = at;
  writePayload(walk, at + sctp.HEADER_BYTES);
  return Layer.done;
}

export function readIcmp(walk: Walk): Layer {
  const { view, at, end } = walk;
  const verdict = icmp.check(view, at, end);
  if (verdict !== OK) return shortTransport(walk, verdict, icmp.HEADER_BYTES);
  writeIcmp(walk, icmp.isError(icmp.type(view, at)));
  const message = icmp.checkMessage(view, at, end);
  if (message !== OK && (message !== Verdict.icmpQuoteTruncated || end === walk.wireEnd)) fail(walk, message);
  return Layer.done;
}

export function readIcmpv6(walk: Walk): Layer {
  const { view, at, end } = walk;
  const verdict = icmpv6.check(view, at, end);
  if (verdict !== OK) return shortTransport(walk, verdict, icmpv6.HEADER_BYTES);
  writeIcmp(walk, icmpv6.isError(icmp.type(view, at)));
  const message = icmpv6.checkMessage(view, at, end, ipv6.hopLimit(view, walk.columns.l3[walk.row] as number));
  if (message !== OK && (message !== Verdict.icmpv6QuoteTruncated || end === walk.wireEnd)) fail(walk, message);
  return Layer.done;
}

function writeIcmp(walk: Walk, isError: boolean): void {
  const { view, columns, row, at } = walk;
  columns.l4[row] = at;
  columns.sourcePort[row] = icmp.type(view, at);
  columns.targetPort[row] = icmp.code(view, at);
  if (isError) columns.flags[row] = (columns.flags[row] as number) | PacketFlag.icmpError;
  writePayload(walk, at + icmp.HEADER_BYTES);
}

const SPI_AND_SEQUENCE = 8;

export function readEsp(walk: Walk): Layer {
  if (walk.end - walk.at < SPI_AND_SEQUENCE) return shortTransport(walk, Verdict.espTooSmall, SPI_AND_SEQUENCE);
  return readOther(walk);
}

const AH_FIXED_BYTES = 12;

/** Authentication header inside IPv4 (RFC 4302); inside IPv6 it is one of the extension headers. */
export function readAh(walk: Walk): Layer {
  const { view, columns, row, at } = walk;
  writePayload(walk, at);
  if (walk.end - at < AH_FIXED_BYTES) return short(walk, Verdict.ahTooSmall, AH_FIXED_BYTES);
  const bytes = (view.getUint8(at + 1) + 2) * 4;
  if (bytes < AH_FIXED_BYTES) return broken(walk, Verdict.ahTooSmall);
  if (bytes > walk.end - at) return short(walk, Verdict.ahTooSmall, bytes);
  const next = view.getUint8(at);
  columns.protocol[row] = next;
  walk.at = at + bytes;
  return layerOfProtocol(next, columns.ipVersion[row] as number);
}

/** Protocols without ports, and tunnels, whose outer packet stands in the row until an inner one is found. */
export function readOther(walk: Walk): Layer {
  const { columns, row, at } = walk;
  columns.l4[row] = at;
  writePayload(walk, at);
  switch (columns.protocol[row]) {
    case IpProtocol.ipip:
      return Layer.ipip;
    case IpProtocol.ipv6:
      return Layer.ipv6InIp;
    case IpProtocol.gre:
      return Layer.gre;
    case IpProtocol.etherip:
      return Layer.etherip;
    case IpProtocol.mpls:
      return Layer.mplsInIp;
    case IpProtocol.icmp:
      return broken(walk, Verdict.ipv6Icmpv4);
    case IpProtocol.icmpv6:
      return broken(walk, Verdict.ipv4Icmpv6);
    default:
      return Layer.done;
  }
}

function shortTcp(walk: Walk): Layer {
  const { view, at, end } = walk;
  if (end - at < tcp.HEADER_BYTES) return shortTransport(walk, Verdict.tcpTooSmall, tcp.HEADER_BYTES);
  // The options are cut or impossible; what stands in front of them is told all the same.
  writeTcp(walk);
  const bytes = tcp.headerBytes(view, at);
  return shortTransport(walk, Verdict.tcpHeaderTooSmall, bytes < tcp.HEADER_BYTES ? Number.MAX_SAFE_INTEGER : bytes);
}

/** A transport header that is not all there: the ports are told when they can be read. */
function shortTransport(walk: Walk, verdict: Verdict, need: number): Layer {
  const { protocol } = walk.columns;
  if (protocol[walk.row] !== IpProtocol.icmp && protocol[walk.row] !== IpProtocol.icmpv6 && protocol[walk.row] !== IpProtocol.esp)
    writePorts(walk);
  writePayload(walk, walk.at);
  return short(walk, verdict, need);
}
