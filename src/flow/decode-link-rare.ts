import * as ethernet from "#wire/ethernet.ts";
import * as ieee80211 from "#wire/ieee80211.ts";
import { LinkType } from "#wire/link-type.ts";
import * as nullloop from "#wire/nullloop.ts";
import * as radiotap from "#wire/radiotap.ts";
import * as sll from "#wire/sll.ts";
import * as sll2 from "#wire/sll2.ts";
import { Verdict } from "#wire/verdict.ts";
import { layerOfEtherType } from "./decode-link.ts";
import { broken, Layer, short, undecoded, type Walk } from "./decode-walk.ts";

const OK = Verdict.ok;

/** First layer of a frame of a LINKTYPE_ number. */
export function layerOfLink(linkType: number): Layer {
  switch (linkType) {
    case LinkType.ethernet:
      return Layer.ethernet;
    case LinkType.null:
    case LinkType.loop:
      return Layer.nullLoop;
    case LinkType.ppp:
    case LinkType.pppWithDirection:
      return Layer.ppp;
    case LinkType.pppHdlc:
      return Layer.pppSerial;
    case LinkType.pppEther:
      return Layer.pppoeSession;
    case LinkType.cHdlc:
      return Layer.chdlc;
    case LinkType.frameRelay:
      return Layer.frameRelay;
    case LinkType.atmClip:
    case LinkType.atmRfc1483:
      return Layer.llc;
    case LinkType.raw:
    case LinkType.rawBsd:
    case LinkType.rawOpenBsd:
      return Layer.rawIp;
    case LinkType.ipv4:
      return Layer.ipv4;
    case LinkType.ipv6:
      return Layer.ipv6;
    case LinkType.linuxSll:
      return Layer.sll;
    case LinkType.linuxSll2:
      return Layer.sll2;
    case LinkType.ieee80211:
      return Layer.ieee80211;
    case LinkType.radiotap:
      return Layer.radiotap;
    case LinkType.avs:
      return Layer.avs;
    case LinkType.prism:
      return Layer.prism;
    case LinkType.ppi:
      return Layer.ppi;
    case LinkType.nflog:
      return Layer.nflog;
    default:
      return Layer.unknownLink;
  }
}

export function readRawIp(walk: Walk): Layer {
  if (walk.at >= walk.end) return short(walk, Verdict.rawInvalidVersion, 1);
  const version = walk.view.getUint8(walk.at) >>> 4;
  if (version === 4) return Layer.ipv4;
  return version === 6 ? Layer.ipv6 : broken(walk, Verdict.rawInvalidVersion);
}

export function readNullLoop(walk: Walk): Layer {
  const verdict = nullloop.check(walk.view, walk.at, walk.end);
  if (verdict === Verdict.nullTooSmall) return short(walk, verdict, nullloop.HEADER_BYTES);
  if (verdict !== OK) return broken(walk, verdict);
  const version = nullloop.ipVersion(walk.view, walk.at);
  walk.at += nullloop.HEADER_BYTES;
  return version === 4 ? Layer.ipv4 : Layer.ipv6;
}

const ARPHRD_NETLINK = 824;

export function readSll(walk: Walk): Layer {
  if (sll.check(walk.view, walk.at, walk.end) !== OK) return short(walk, Verdict.sllTooSmall, sll.HEADER_BYTES);
  const { view, at } = walk;
  walk.at = at + sll.HEADER_BYTES;
  return layerOfCooked(walk, sll.protocol(view, at), sll.hardware(view, at));
}

export function readSll2(walk: Walk): Layer {
  if (sll2.check(walk.view, walk.at, walk.end) !== OK) return short(walk, Verdict.sll2TooSmall, sll2.HEADER_BYTES);
  const { view, at } = walk;
  walk.at = at + sll2.HEADER_BYTES;
  return layerOfCooked(walk, sll2.protocol(view, at), sll2.hardware(view, at));
}

function layerOfCooked(walk: Walk, protocol: number, hardware: number): Layer {
  if (hardware === ARPHRD_NETLINK) return undecoded(walk, Verdict.unknownEtherType);
  if (protocol === sll.PROTOCOL_LLC) return Layer.llc;
  return protocol <= ethernet.LENGTH_MAX ? undecoded(walk, Verdict.unknownEtherType) : layerOfEtherType(walk, protocol);
}

const CISCO_UNICAST = 0x0f;
const CISCO_MULTICAST = 0x8f;

/** PPP with HDLC framing, or Cisco HDLC, as the first byte tells (LINKTYPE_PPP_HDLC). */
export function readPppSerial(walk: Walk): Layer {
  if (walk.at >= walk.end) return short(walk, Verdict.pppTooSmall, 1);
  const first = walk.view.getUint8(walk.at);
  return first === CISCO_UNICAST || first === CISCO_MULTICAST ? Layer.chdlc : Layer.ppp;
}

/** Cisco HDLC: address, control, EtherType. */
export function readChdlc(walk: Walk): Layer {
  if (walk.end - walk.at < 4) return short(walk, Verdict.chdlcTooSmall, 4);
  const type = walk.view.getUint16(walk.at + 2);
  walk.at += 4;
  return type <= ethernet.LENGTH_MAX ? undecoded(walk, Verdict.unknownEtherType) : layerOfEtherType(walk, type);
}

const NLPID_IPV4 = 0xcc;
const NLPID_IPV6 = 0x8e;
const NLPID_SNAP = 0x80;
const UNNUMBERED = 0x03;

/** Frame Relay (RFC 2427): an address of two to four bytes, control, padding, a network-layer protocol id. */
export function readFrameRelay(walk: Walk): Layer {
  const { view, end } = walk;
  let at = walk.at;
  // The last address byte is odd.
  while (at < end && at < walk.at + 3 && (view.getUint8(at) & 1) === 0) at++;
  at++;
  if (end - at < 3) return short(walk, Verdict.frameRelayTooSmall, 6);
  const type = view.getUint16(at);
  // Cisco's own form has an EtherType here.
  if (type === ethernet.EtherType.ipv4 || type === ethernet.EtherType.ipv6) {
    walk.at = at + 2;
    return layerOfEtherType(walk, type);
  }
  if (view.getUint8(at) !== UNNUMBERED) return undecoded(walk, Verdict.unknownEtherType);
  at += view.getUint8(at + 1) === 0 ? 2 : 1;
  const id = view.getUint8(at);
  walk.at = at + 1;
  if (id === NLPID_IPV4) return Layer.ipv4;
  if (id === NLPID_IPV6) return Layer.ipv6;
  if (id !== NLPID_SNAP || end - at < 6) return undecoded(walk, Verdict.unknownEtherType);
  walk.at = at + 6;
  return layerOfEtherType(walk, view.getUint16(at + 4));
}

export function readIeee80211(walk: Walk): Layer {
  return readDataFrame(walk, false);
}

function readDataFrame(walk: Walk, isPadded: boolean): Layer {
  const { view, at, end } = walk;
  const verdict = ieee80211.check(view, at, end);
  if (verdict === Verdict.ieee80211TooSmall) return short(walk, verdict, ieee80211.HEADER_BYTES);
  if (verdict === Verdict.ieee80211WrongVersion) return broken(walk, verdict);
  if (verdict !== OK) return undecoded(walk, verdict);
  const bytes = ieee80211.headerBytes(view, at);
  walk.at = at + (isPadded ? (bytes + 3) & ~3 : bytes);
  return Layer.llc;
}

const FCS_BYTES = 4;

export function readRadiotap(walk: Walk): Layer {
  const { view, at, end } = walk;
  if (radiotap.check(view, at, end) !== OK) {
    return short(
      walk,
      Verdict.radiotapMalformed,
      end - at < radiotap.HEADER_BYTES ? radiotap.HEADER_BYTES : radiotap.headerBytes(view, at),
    );
  }
  walk.at = at + radiotap.headerBytes(view, at);
  if (radiotap.hasFcs(view, at) && walk.wireEnd - FCS_BYTES >= walk.at) {
    walk.wireEnd -= FCS_BYTES;
    if (walk.end > walk.wireEnd) walk.end = walk.wireEnd;
  }
  return readDataFrame(walk, radiotap.isPadded(view, at));
}

const AVS_MAGIC = 0x80211000;
const PRISM_BYTES = 144;

/** AVS monitor header: magic and version, then its length. A Prism header may come under the same number and back. */
export function readAvs(walk: Walk): Layer {
  const { view, at, end } = walk;
  if (end - at < 8) return short(walk, Verdict.radiotapMalformed, 8);
  if ((view.getUint32(at) & ~0xf) !== (AVS_MAGIC | 0)) return readPrismHeader(walk);
  return skipRadio(walk, view.getUint32(at + 4));
}

export function readPrism(walk: Walk): Layer {
  if (walk.end - walk.at < 8) return short(walk, Verdict.radiotapMalformed, 8);
  return (walk.view.getUint32(walk.at) & ~0xf) === (AVS_MAGIC | 0) ? readAvs(walk) : readPrismHeader(walk);
}

/** Prism monitor header: message code and length, in the byte order of the machine that captured. */
function readPrismHeader(walk: Walk): Layer {
  const big = walk.view.getUint32(walk.at + 4);
  const little = walk.view.getUint32(walk.at + 4, true);
  return skipRadio(walk, big === PRISM_BYTES || little > 0xffff ? big : little);
}

function skipRadio(walk: Walk, bytes: number): Layer {
  if (bytes < 8) return broken(walk, Verdict.radiotapMalformed);
  if (bytes > walk.end - walk.at) return short(walk, Verdict.radiotapMalformed, bytes);
  walk.at += bytes;
  return Layer.ieee80211;
}

/** Per-Packet Information: version, flags, length and the LINKTYPE_ of what follows, little-endian. */
export function readPpi(walk: Walk): Layer {
  const { view, at, end } = walk;
  if (end - at < 8) return short(walk, Verdict.radiotapMalformed, 8);
  const bytes = view.getUint16(at + 2, true);
  const inner = layerOfLink(view.getUint32(at + 4, true));
  if (bytes < 8) return broken(walk, Verdict.radiotapMalformed);
  if (bytes > end - at) return short(walk, Verdict.radiotapMalformed, bytes);
  walk.at = at + bytes;
  return inner === Layer.ppi ? broken(walk, Verdict.radiotapMalformed) : inner;
}

const NFLOG_PAYLOAD = 9;
const nflogAttributesMax = 32;

/** Linux netfilter log: family, version, group, then attributes of length, type, value; number 9 is the packet. */
export function readNflog(walk: Walk): Layer {
  const { view, end } = walk;
  let at = walk.at + 4;
  for (let count = 0; count < nflogAttributesMax && at + 4 <= end; count++) {
    const bytes = view.getUint16(at, true);
    const type = view.getUint16(at + 2, true) & 0x7fff;
    if (bytes < 4) return broken(walk, Verdict.nflogMalformed);
    if (type === NFLOG_PAYLOAD) {
      if (at + bytes < walk.wireEnd) walk.wireEnd = at + bytes;
      if (walk.end > walk.wireEnd) walk.end = walk.wireEnd;
      walk.at = at + 4;
      return Layer.rawIp;
    }
    at += (bytes + 3) & ~3;
  }
  return short(walk, Verdict.nflogMalformed, at - walk.at + 1);
}
