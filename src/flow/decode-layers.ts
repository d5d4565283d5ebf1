import { Verdict } from "#wire/verdict.ts";
import * as link from "./decode-link.ts";
import * as rare from "./decode-link-rare.ts";
import * as transport from "./decode-transport.ts";
import * as tunnel from "./decode-tunnel.ts";
import { readUdpTunnel } from "./decode-udp-tunnel.ts";
import { Layer, undecoded, type Walk } from "./decode-walk.ts";

/** Reads the header of every kind but the five that the main loop knows itself. Apart, so that a deopt is local. */
export function readRareLayer(walk: Walk, layer: Layer): Layer {
  if (layer >= Layer.sll) return readLink(walk, layer);
  if (layer >= Layer.ipip) return readTunnel(walk, layer);
  switch (layer) {
    case Layer.ethernet:
      return link.readEthernet(walk);
    case Layer.vlan:
      return link.readVlan(walk);
    case Layer.arp:
      return link.readArp(walk);
    case Layer.llc:
      return link.readLlc(walk);
    case Layer.icmp:
      return transport.readIcmp(walk);
    case Layer.icmpv6:
      return transport.readIcmpv6(walk);
    case Layer.otherTransport:
      return transport.readOther(walk);
    case Layer.sctp:
      return transport.readSctp(walk);
    case Layer.udpLite:
      return transport.readUdpLite(walk);
    case Layer.ah:
      return transport.readAh(walk);
    case Layer.esp:
      return transport.readEsp(walk);
    case Layer.mpls:
      return tunnel.readMpls(walk);
    case Layer.pppoeDiscovery:
      return tunnel.readPppoeDiscovery(walk);
    case Layer.pppoeSession:
      return tunnel.readPppoeSession(walk);
    case Layer.ppp:
      return tunnel.readPpp(walk);
    case Layer.vntag:
      return link.readVntag(walk);
    case Layer.pbb:
      return link.readPbb(walk);
    case Layer.dce:
      return link.readDce(walk);
    case Layer.rawIp:
      return rare.readRawIp(walk);
    default:
      return Layer.done;
  }
}

function readTunnel(walk: Walk, layer: Layer): Layer {
  switch (layer) {
    case Layer.ipip:
      return tunnel.readIpip(walk);
    case Layer.ipv6InIp:
      return tunnel.readIpv6InIp(walk);
    case Layer.gre:
      return tunnel.readGre(walk);
    case Layer.erspan:
      return tunnel.readErspan(walk);
    case Layer.etherip:
      return tunnel.readEtherip(walk);
    case Layer.mplsInIp:
      return tunnel.readMplsInIp(walk);
    case Layer.udpTunnel:
      return readUdpTunnel(walk);
    case Layer.wccp:
      return tunnel.readWccp(walk);
    case Layer.etag:
      return link.readEtag(walk);
    case Layer.nsh:
      return link.readNsh(walk);
    default:
      return Layer.done;
  }
}

function readLink(walk: Walk, layer: Layer): Layer {
  switch (layer) {
    case Layer.sll:
      return rare.readSll(walk);
    case Layer.sll2:
      return rare.readSll2(walk);
    case Layer.nullLoop:
      return rare.readNullLoop(walk);
    case Layer.pppSerial:
      return rare.readPppSerial(walk);
    case Layer.chdlc:
      return rare.readChdlc(walk);
    case Layer.frameRelay:
      return rare.readFrameRelay(walk);
    case Layer.ieee80211:
      return rare.readIeee80211(walk);
    case Layer.radiotap:
      return rare.readRadiotap(walk);
    case Layer.avs:
      return rare.readAvs(walk);
    case Layer.prism:
      return rare.readPrism(walk);
    case Layer.ppi:
      return rare.readPpi(walk);
    case Layer.nflog:
      return rare.readNflog(walk);
    default:
      return undecoded(walk, Verdict.unknownLinkType);
  }
}
