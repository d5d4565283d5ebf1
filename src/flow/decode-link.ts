import * as arp from "#wire/arp.ts";
import * as ethernet from "#wire/ethernet.ts";
import { EtherType, isVlanTag } from "#wire/ethernet.ts";
import * as llc from "#wire/llc.ts";
import * as nsh from "#wire/nsh.ts";
import { TunnelKind } from "#wire/tunnel.ts";
import { Verdict } from "#wire/verdict.ts";
import * as vlan from "#wire/vlan.ts";
import { addVlan, broken, enterTunnel, fail, Layer, short, undecoded, type Walk } from "./decode-walk.ts";

const OK = Verdict.ok;

/** Ethernet: the hottest of all readers, with the common types in front. */
export function readEthernet(walk: Walk): Layer {
  const { view, at, end } = walk;
  if (ethernet.check(view, at, end) !== OK) return short(walk, Verdict.ethernetTooSmall, ethernet.HEADER_BYTES);
  const { columns, row } = walk;
  if ((columns.ether[row] as number) < 0) columns.ether[row] = at;
  const type = ethernet.type(view, at);
  walk.at = at + ethernet.HEADER_BYTES;
  if (type === EtherType.ipv4) return Layer.ipv4;
  if (type === EtherType.ipv6) return Layer.ipv6;
  if (type === EtherType.vlan) return readVlan(walk);
  return layerOfEtherType(walk, type);
}

export function readVlan(walk: Walk): Layer {
  const { view, at, end } = walk;
  if (vlan.check(view, at, end) !== OK) return short(walk, Verdict.vlanTooSmall, vlan.HEADER_BYTES);
  if (++walk.vlanTags > vlan.vlanTagsMax) return broken(walk, Verdict.vlanTooManyLayers);
  addVlan(walk, vlan.id(view, at));
  walk.at = at + vlan.HEADER_BYTES;
  const type = vlan.type(view, at);
  if (type === EtherType.ipv4) return Layer.ipv4;
  if (type === EtherType.ipv6) return Layer.ipv6;
  return layerOfEtherType(walk, type);
}

/** Layer that an EtherType (or IEEE 802.3 length) at the walk's place names. */
export function layerOfEtherType(walk: Walk, type: number): Layer {
  if (type <= ethernet.LENGTH_MAX) return Layer.llc;
  if (isVlanTag(type)) return Layer.vlan;
  switch (type) {
    case EtherType.ipv4:
      return Layer.ipv4;
    case EtherType.ipv6:
      return Layer.ipv6;
    case EtherType.arp:
      return Layer.arp;
    case EtherType.mpls:
    case EtherType.mplsMulticast:
      return Layer.mpls;
    case EtherType.pppoeSession:
      return Layer.pppoeSession;
    case EtherType.pppoeDiscovery:
      return Layer.pppoeDiscovery;
    case EtherType.transparentEthernet:
      return Layer.ethernet;
    case EtherType.ppp:
      return Layer.ppp;
    case EtherType.vntag:
      return Layer.vntag;
    case EtherType.pbb:
      return Layer.pbb;
    case EtherType.dce:
      return Layer.dce;
    case EtherType.etag:
      return Layer.etag;
    case EtherType.nsh:
      return Layer.nsh;
    default:
      return undecoded(walk, Verdict.unknownEtherType);
  }
}

export function readArp(walk: Walk): Layer {
  walk.arpMessages++;
  const verdict = arp.check(walk.view, walk.at, walk.end);
  if (verdict === Verdict.arpTooSmall) return short(walk, verdict, arp.HEADER_BYTES);
  if (verdict !== OK) fail(walk, verdict);
  // Who claims which address is looked for here.
  else if (walk.depth === 0) walk.columns.l3[walk.row] = walk.at;
  return Layer.done;
}

export function readLlc(walk: Walk): Layer {
  const { view, at, end } = walk;
  if (llc.check(view, at, end) !== OK) return short(walk, Verdict.llcTooSmall, llc.SNAP_BYTES);
  const type = llc.etherType(view, at);
  if (type <= ethernet.LENGTH_MAX) return undecoded(walk, Verdict.unknownEtherType);
  walk.at = at + llc.headerBytes(view, at);
  return layerOfEtherType(walk, type);
}

const VNTAG_BYTES = 6;
const ETAG_BYTES = 8;
const PBB_BYTES = 4;
const DCE_BYTES = 2;

/** Cisco VN-Tag (802.1BR's forerunner): six bytes, the last two the type of what follows. */
export function readVntag(walk: Walk): Layer {
  const { view, at, end } = walk;
  if (end - at < VNTAG_BYTES) return short(walk, Verdict.vntagTooSmall, VNTAG_BYTES);
  walk.at = at + VNTAG_BYTES;
  return layerOfEtherType(walk, view.getUint16(at + 4));
}

/** 802.1BR tag: six bytes, and the type of what follows. */
export function readEtag(walk: Walk): Layer {
  const { view, at, end } = walk;
  if (end - at < ETAG_BYTES) return short(walk, Verdict.etagTooSmall, ETAG_BYTES);
  walk.at = at + ETAG_BYTES;
  return layerOfEtherType(walk, view.getUint16(at + 6));
}

const nshLayers: readonly Layer[] = [Layer.done, Layer.ipv4, Layer.ipv6, Layer.ethernet, Layer.nsh, Layer.mpls];

/** Service paths differ by direction, so that they do not name a tunnel. */
export function readNsh(walk: Walk): Layer {
  const { view, at, end } = walk;
  const verdict = nsh.check(view, at, end);
  if (verdict === Verdict.nshTooSmall)
    return short(walk, verdict, end - at < nsh.HEADER_BYTES ? nsh.HEADER_BYTES : nsh.headerBytes(view, at));
  if (verdict !== OK) return broken(walk, verdict);
  walk.at = at + nsh.headerBytes(view, at);
  const layer = nshLayers[nsh.nextProtocol(view, at)] ?? Layer.done;
  return layer === Layer.done ? undecoded(walk, Verdict.unknownEtherType) : layer;
}

/** Provider backbone bridging (802.1ah): flags and a service id, then the customer's Ethernet frame. */
export function readPbb(walk: Walk): Layer {
  const { view, at, end } = walk;
  if (end - at < PBB_BYTES) return short(walk, Verdict.ieee8021ahTooSmall, PBB_BYTES);
  if (!enterTunnel(walk, TunnelKind.pbb, view.getUint32(at))) return Layer.done;
  walk.at = at + PBB_BYTES;
  return Layer.ethernet;
}

/** Cisco FabricPath: an Ethernet frame behind two bytes. */
export function readDce(walk: Walk): Layer {
  if (walk.end - walk.at < DCE_BYTES) return short(walk, Verdict.dceTooSmall, DCE_BYTES);
  walk.at += DCE_BYTES;
  return Layer.ethernet;
}
