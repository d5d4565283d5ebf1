import * as erspan from "#wire/erspan.ts";
import { EtherType, isVlanTag, LENGTH_MAX } from "#wire/ethernet.ts";
import * as geneve from "#wire/geneve.ts";
import * as gre from "#wire/gre.ts";
import * as mpls from "#wire/mpls.ts";
import { MplsPayload } from "#wire/mpls.ts";
import * as ppp from "#wire/ppp.ts";
import { PppProtocol } from "#wire/ppp.ts";
import * as pppoe from "#wire/pppoe.ts";
import { TunnelKind } from "#wire/tunnel.ts";
import { Verdict } from "#wire/verdict.ts";
import { layerOfEtherType } from "./decode-link.ts";
import { addVlan, broken, enterTunnel, fail, Layer, short, undecoded, type Walk } from "./decode-walk.ts";

const OK = Verdict.ok;

export function readIpip(walk: Walk): Layer {
  const outer = walk.columns.ipVersion[walk.row] as number;
  return enterTunnel(walk, outer === 4 ? TunnelKind.ipip : TunnelKind.fourInSix, 0) ? Layer.ipv4 : Layer.done;
}

export function readIpv6InIp(walk: Walk): Layer {
  const outer = walk.columns.ipVersion[walk.row] as number;
  return enterTunnel(walk, outer === 4 ? TunnelKind.sixInFour : TunnelKind.sixInSix, 0) ? Layer.ipv6 : Layer.done;
}

export function readMplsInIp(walk: Walk): Layer {
  return enterTunnel(walk, TunnelKind.mpls, 0) ? Layer.mpls : Layer.done;
}

/** EtherIP (RFC 3378): version 3 in the first nibble, the rest 0, then an Ethernet frame. */
export function readEtherip(walk: Walk): Layer {
  if (walk.end - walk.at < 2) return short(walk, Verdict.etheripMalformed, 2);
  if (walk.view.getUint16(walk.at) !== 0x3000) return broken(walk, Verdict.etheripMalformed);
  if (!enterTunnel(walk, TunnelKind.etherip, 0)) return Layer.done;
  walk.at += 2;
  return Layer.ethernet;
}

export function readGre(walk: Walk): Layer {
  const { view, at, end } = walk;
  const verdict = gre.check(view, at, end);
  if (verdict !== OK) return shortGre(walk, verdict);
  const isPptp = gre.version(view, at) === 1;
  const protocol = gre.protocol(view, at);
  const bytes = gre.headerBytes(view, at, end);
  if (at + bytes === end) return Layer.done;
  if (protocol === EtherType.erspan || protocol === EtherType.erspan3) return enterErspan(walk, bytes);
  // PPTP's key is the call id of the receiver: it differs by direction and cannot name the tunnel.
  if (!enterTunnel(walk, isPptp ? TunnelKind.pptp : TunnelKind.gre, isPptp ? 0 : gre.key(view, at))) return Layer.done;
  walk.at = at + bytes;
  return protocol === EtherType.wccp ? Layer.wccp : layerOfEtherType(walk, protocol <= LENGTH_MAX ? 0xffff : protocol);
}

function shortGre(walk: Walk, verdict: Verdict): Layer {
  const { view, at, end } = walk;
  if (verdict === Verdict.greTooSmall) return short(walk, verdict, gre.HEADER_BYTES);
  if (verdict !== Verdict.greVersion0HeaderTooBig && verdict !== Verdict.greVersion1HeaderTooBig) return broken(walk, verdict);
  const bytes = gre.headerBytes(view, at, end);
  return short(walk, verdict, bytes < 0 ? end - at + 1 : bytes);
}

/** Type I has no header of its own, and is known by the missing sequence number. */
function enterErspan(walk: Walk, greBytes: number): Layer {
  const { view, at } = walk;
  const isType1 = gre.protocol(view, at) === EtherType.erspan && !gre.hasSequence(view, at);
  walk.at = at + greBytes;
  if (!isType1) return Layer.erspan;
  return enterTunnel(walk, TunnelKind.erspan, 0) ? Layer.ethernet : Layer.done;
}

export function readErspan(walk: Walk): Layer {
  const { view, at, end } = walk;
  const verdict = erspan.check(view, at, end);
  if (verdict === Verdict.erspanTooSmall) return short(walk, verdict, erspan.TYPE_2_BYTES);
  if (verdict !== OK) return broken(walk, verdict);
  if (!enterTunnel(walk, TunnelKind.erspan, erspan.session(view, at))) return Layer.done;
  addVlan(walk, erspan.vlan(view, at));
  walk.at = at + erspan.headerBytes(view, at);
  return Layer.ethernet;
}

/** WCCP redirection: version 2 puts four bytes in front of the packet. */
export function readWccp(walk: Walk): Layer {
  if (walk.end - walk.at >= 5 && walk.view.getUint8(walk.at) >>> 4 !== 4) walk.at += 4;
  return Layer.ipv4;
}

/**
 * A stack of MPLS labels. On a link it is no tunnel for the flow: labels differ by direction, and the last router
 * often takes them off, so that one side of a flow has none.
 */
export function readMpls(walk: Walk): Layer {
  const { view, end } = walk;
  for (let count = 0; count < mpls.labelsMax; count++) {
    const at = walk.at;
    const verdict = mpls.check(view, at, end);
    if (verdict === Verdict.mplsTooSmall) return short(walk, verdict, mpls.HEADER_BYTES);
    if (verdict === Verdict.mplsReservedLabel) fail(walk, verdict);
    else if (verdict !== OK) return broken(walk, verdict);
    walk.at = at + mpls.HEADER_BYTES;
    if (mpls.isBottom(view, at)) return layerOfMpls(walk, at);
  }
  return broken(walk, Verdict.tooManyLayers);
}

function layerOfMpls(walk: Walk, bottom: number): Layer {
  switch (mpls.payloadKind(walk.view, bottom, walk.at, walk.end)) {
    case MplsPayload.ipv4:
      return Layer.ipv4;
    case MplsPayload.ipv6:
      return Layer.ipv6;
    case MplsPayload.ethernet:
      return Layer.ethernet;
    case MplsPayload.controlledEthernet:
      walk.at += 4;
      return Layer.ethernet;
    default:
      return undecoded(walk, walk.wireEnd > walk.end ? Verdict.cut : Verdict.mplsUnknownPayload);
  }
}

export function readPppoeDiscovery(walk: Walk): Layer {
  const verdict = pppoe.checkDiscovery(walk.view, walk.at, walk.end);
  if (verdict === Verdict.pppoeTooSmall) return short(walk, verdict, pppoe.HEADER_BYTES);
  return verdict === OK ? undecoded(walk, Verdict.unknownEtherType) : broken(walk, verdict);
}

export function readPppoeSession(walk: Walk): Layer {
  const { view, at, end } = walk;
  const verdict = pppoe.check(view, at, end);
  if (verdict === Verdict.pppoeTooSmall) return short(walk, verdict, pppoe.HEADER_BYTES);
  if (verdict !== OK) return broken(walk, verdict);
  if (!enterTunnel(walk, TunnelKind.pppoe, pppoe.session(view, at))) return Layer.done;
  // The length field is left to the IP header inside, which has its own.
  walk.at = at + pppoe.HEADER_BYTES;
  return Layer.ppp;
}

export function readPpp(walk: Walk): Layer {
  const { view, at, end } = walk;
  const verdict = ppp.check(view, at, end);
  if (verdict === Verdict.pppTooSmall) return short(walk, verdict, 2);
  if (verdict !== OK) return broken(walk, verdict);
  walk.at = ppp.payloadAt(view, at, end);
  switch (ppp.protocol(view, at, end)) {
    case PppProtocol.ipv4:
      return Layer.ipv4;
    case PppProtocol.ipv6:
      return Layer.ipv6;
    case PppProtocol.mpls:
    case PppProtocol.mplsMulticast:
      return Layer.mpls;
    default:
      return undecoded(walk, Verdict.unknownEtherType);
  }
}

/** True when an Ethernet header at `at` carries IP, ARP or a tag, and the IP version agrees. */
export function looksLikeEthernet(view: DataView, at: number, end: number): boolean {
  if (end - at < 15) return false;
  const type = view.getUint16(at + 12);
  if (type === EtherType.ipv4) return view.getUint8(at + 14) >>> 4 === 4;
  if (type === EtherType.ipv6) return view.getUint8(at + 14) >>> 4 === 6;
  return type === EtherType.arp || type === EtherType.mpls || isVlanTag(type);
}

/** Layer of a GENEVE or GRE payload in UDP, or `done` when the payload does not look like what its type says. */
export function guessEtherType(walk: Walk, type: number, at: number): Layer {
  const { view, end } = walk;
  if (at >= end) return Layer.done;
  const nibble = view.getUint8(at) >>> 4;
  if (type === EtherType.ipv4 && nibble === 4) return Layer.ipv4;
  if (type === EtherType.ipv6 && nibble === 6) return Layer.ipv6;
  if (type === EtherType.transparentEthernet && looksLikeEthernet(view, at, end)) return Layer.ethernet;
  return type === EtherType.mpls && geneve.HEADER_BYTES <= end - at ? Layer.mpls : Layer.done;
}
