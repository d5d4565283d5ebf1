import * as ipv4 from "#wire/ipv4.ts";
import * as extensions from "#wire/ipv6-extensions.ts";
import { IpProtocol } from "#wire/protocol.ts";
import * as sctp from "#wire/sctp.ts";
import * as tcp from "#wire/tcp.ts";
import * as udp from "#wire/udp.ts";
import { Verdict } from "#wire/verdict.ts";
import { Fragment } from "./columns.ts";
import { broken, fail, Layer, short, type Walk } from "./decode-walk.ts";

/** Bytes of a reassembled packet at most (RFC 791 3.1, RFC 8200 4.5). */
const PACKET_MAX = 65_535;

/** Layer of an IP protocol number behind all extension headers. */
export function layerOfProtocol(protocol: number, version: number): Layer {
  switch (protocol) {
    case IpProtocol.tcp:
      return Layer.tcp;
    case IpProtocol.udp:
      return Layer.udp;
    case IpProtocol.icmp:
      return version === 4 ? Layer.icmp : Layer.otherTransport;
    case IpProtocol.icmpv6:
      return version === 6 ? Layer.icmpv6 : Layer.otherTransport;
    case IpProtocol.sctp:
      return Layer.sctp;
    case IpProtocol.udpLite:
      return Layer.udpLite;
    case IpProtocol.ah:
      return Layer.ah;
    case IpProtocol.esp:
      return Layer.esp;
    default:
      return Layer.otherTransport;
  }
}

/** A fragment of the IPv4 packet whose header is at `l3`; the walk stands behind the header. */
export function readFragment4(walk: Walk, l3: number): Layer {
  const { view, columns, row } = walk;
  const offset = ipv4.fragmentOffset(view, l3);
  columns.fragmentId[row] = ipv4.identification(view, l3);
  if (offset + (walk.wireEnd - l3) > PACKET_MAX) fail(walk, Verdict.ipv4FragmentTooLarge);
  return readFragment(walk, offset);
}

/** The chain of IPv6 extension headers; the walk stands at the first one, of kind `first`. */
export function readExtensions(walk: Walk, first: number): Layer {
  const { view, columns, row } = walk;
  const chain = walk.extensions;
  extensions.walkExtensions(view, first, walk.at, walk.end, chain);
  columns.protocol[row] = chain.protocol;
  walk.at = chain.at;
  if (chain.stopped) return brokenChain(walk);
  if (chain.verdict !== Verdict.ok) fail(walk, chain.verdict);
  if (chain.fragmentAt >= 0 && isPart(view, chain.fragmentAt)) return readFragment6(walk, chain.fragmentAt);
  if (chain.protocol === IpProtocol.noNext && walk.end > walk.at) fail(walk, Verdict.ipv6DataAfterNone);
  return layerOfProtocol(chain.protocol, 6);
}

/** False for an atomic fragment (RFC 6946): a fragment header on a whole packet. */
const isPart = (view: DataView, at: number): boolean => extensions.fragmentOffset(view, at) !== 0 || extensions.moreFragments(view, at);

function brokenChain(walk: Walk): Layer {
  const { view, at, end, extensions: chain } = walk;
  writePayload(walk, at);
  if (chain.verdict !== Verdict.ipv6ExtensionTruncated) return broken(walk, chain.verdict);
  return short(walk, chain.verdict, end - at < 8 ? 8 : extensions.extensionBytes(view, at, chain.protocol));
}

function readFragment6(walk: Walk, fragmentAt: number): Layer {
  const { view, columns, row } = walk;
  const offset = extensions.fragmentOffset(view, fragmentAt);
  const bytes = walk.wireEnd - (fragmentAt + 8);
  columns.fragmentId[row] = extensions.fragmentId(view, fragmentAt);
  if (extensions.moreFragments(view, fragmentAt) && bytes % 8 !== 0) fail(walk, Verdict.ipv6FragmentInvalidLength);
  if (offset + bytes > PACKET_MAX) fail(walk, Verdict.ipv6FragmentTooLarge);
  return readFragment(walk, offset);
}

/**
 * What a fragment shows of its transport header. It is not judged: that is done when the packet is whole. Tunnels in
 * fragments are not entered either.
 */
function readFragment(walk: Walk, offset: number): Layer {
  const { columns, row, at, end } = walk;
  columns.fragment[row] = offset === 0 ? Fragment.first : Fragment.later;
  writePayload(walk, at);
  if (offset !== 0) return Layer.done;
  switch (columns.protocol[row]) {
    case IpProtocol.tcp:
      return firstTcp(walk);
    case IpProtocol.udp:
    case IpProtocol.udpLite:
      return firstPorts(walk, udp.HEADER_BYTES);
    case IpProtocol.sctp:
      return firstPorts(walk, sctp.HEADER_BYTES);
    case IpProtocol.icmp:
    case IpProtocol.icmpv6:
      if (end - at >= 8) {
        columns.sourcePort[row] = walk.view.getUint8(at);
        columns.targetPort[row] = walk.view.getUint8(at + 1);
        columns.l4[row] = at;
        writePayload(walk, at + 8);
      }
      return Layer.done;
    default:
      columns.l4[row] = at;
      return Layer.done;
  }
}

function firstTcp(walk: Walk): Layer {
  const { view, columns, row, at, end } = walk;
  writePorts(walk);
  if (tcp.check(view, at, end) !== Verdict.ok) return Layer.done;
  columns.l4[row] = at;
  writeTcp(walk);
  writePayload(walk, at + tcp.headerBytes(view, at));
  return Layer.done;
}

function firstPorts(walk: Walk, headerBytes: number): Layer {
  writePorts(walk);
  if (walk.end - walk.at < headerBytes) return Layer.done;
  walk.columns.l4[walk.row] = walk.at;
  writePayload(walk, walk.at + headerBytes);
  return Layer.done;
}

/** Ports at the start of the transport header, when its first four bytes are there. */
export function writePorts(walk: Walk): void {
  const { view, columns, row, at } = walk;
  if (walk.end - at < 4) return;
  columns.sourcePort[row] = view.getUint16(at);
  columns.targetPort[row] = view.getUint16(at + 2);
}

/** TCP's own columns; the fixed header is present. */
export function writeTcp(walk: Walk): void {
  const { view, columns, row, at } = walk;
  columns.tcpSeq[row] = tcp.sequence(view, at);
  columns.tcpAck[row] = tcp.acknowledgement(view, at);
  columns.tcpFlags[row] = tcp.flags(view, at);
  columns.tcpWindow[row] = tcp.window(view, at);
}

/** The payload from `from` to the end of the packet. */
export function writePayload(walk: Walk, from: number): void {
  const { columns, row, end } = walk;
  columns.payload[row] = from < end ? from : end;
  columns.payloadBytes[row] = from < end ? end - from : 0;
  columns.payloadWireBytes[row] = from < walk.wireEnd ? walk.wireEnd - from : 0;
}
