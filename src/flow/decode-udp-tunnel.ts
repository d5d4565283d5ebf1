import * as capwap from "#wire/capwap.ts";
import * as geneve from "#wire/geneve.ts";
import * as gre from "#wire/gre.ts";
import * as gtp from "#wire/gtp.ts";
import * as gue from "#wire/gue.ts";
import * as l2tp from "#wire/l2tp.ts";
import * as teredo from "#wire/teredo.ts";
import { TunnelKind } from "#wire/tunnel.ts";
import * as tzsp from "#wire/tzsp.ts";
import { TzspProtocol } from "#wire/tzsp.ts";
import * as udp from "#wire/udp.ts";
import { Verdict, VerdictKind, verdictKind } from "#wire/verdict.ts";
import * as vxlan from "#wire/vxlan.ts";
import { restoreIp } from "./decode-ip.ts";
import { writePayload, writePorts } from "./decode-ip-rare.ts";
import { UdpTunnelPort } from "./decode-transport.ts";
import { guessEtherType, looksLikeEthernet } from "./decode-tunnel.ts";
import { enterTunnel, Layer, type Walk } from "./decode-walk.ts";

/**
 * Tunnels in UDP are known by their ports and by nothing else, so each one is a guess: what the columns say of the
 * datagram is kept (`guess`), and put back when no sound packet is found inside (`settleGuess`).
 */
export function readUdpTunnel(walk: Walk): Layer {
  const { columns, row } = walk;
  const l4 = walk.at;
  const at = l4 + udp.HEADER_BYTES;
  const target = columns.targetPort[row] as number;
  const source = columns.sourcePort[row] as number;
  if (target === UdpTunnelPort.teredo || source === UdpTunnelPort.teredo) return enterTeredo(walk, at);
  if (target === UdpTunnelPort.gtp || source === UdpTunnelPort.gtp) return enterGtp(walk, at);
  if (target === UdpTunnelPort.l2tp || source === UdpTunnelPort.l2tp) return enterL2tp(walk, at);
  if (target === UdpTunnelPort.capwapData || source === UdpTunnelPort.capwapData) return enterCapwap(walk, at);
  switch (target) {
    case UdpTunnelPort.vxlan:
    case UdpTunnelPort.linuxVxlan:
      return enterVxlan(walk, at);
    case UdpTunnelPort.vxlanGpe:
      return enterGpe(walk, at);
    case UdpTunnelPort.geneve:
      return enterGeneve(walk, at);
    case UdpTunnelPort.greInUdp:
      return enterGre(walk, at);
    case UdpTunnelPort.tzsp:
      return enterTzsp(walk, at);
    case UdpTunnelPort.gue:
      return enterGue(walk, at);
    case UdpTunnelPort.mplsInUdp:
      return walk.end - at > 8 ? enter(walk, TunnelKind.mpls, 0, at, Layer.mpls) : Layer.done;
    default:
      return Layer.done;
  }
}

function enterTeredo(walk: Walk, at: number): Layer {
  const header = teredo.ipv6At(walk.view, at, walk.end, walk.wireEnd);
  return header < 0 ? Layer.done : enter(walk, TunnelKind.teredo, 0, header, Layer.ipv6);
}

/** The tunnel's id is the receiver's: it differs by direction and cannot name the tunnel. */
function enterGtp(walk: Walk, at: number): Layer {
  const inner = gtp.payloadAt(walk.view, at, walk.end, walk.wireEnd);
  return inner < 0 ? Layer.done : enter(walk, TunnelKind.gtp, 0, inner, Layer.rawIp);
}

/** Tunnel and session have an id for each direction, so that they cannot name it. */
function enterL2tp(walk: Walk, at: number): Layer {
  const inner = l2tp.pppAt(walk.view, at, walk.end);
  return inner < 0 ? Layer.done : enter(walk, TunnelKind.l2tp, 0, inner, Layer.ppp);
}

function enterCapwap(walk: Walk, at: number): Layer {
  const inner = capwap.payloadAt(walk.view, at, walk.end);
  return inner < 0
    ? Layer.done
    : enter(walk, TunnelKind.capwap, 0, inner, capwap.isNative(walk.view, at) ? Layer.ieee80211 : Layer.ethernet);
}

function enterTzsp(walk: Walk, at: number): Layer {
  const inner = tzsp.frameAt(walk.view, at, walk.end);
  if (inner < 0) return Layer.done;
  const protocol = tzsp.protocol(walk.view, at);
  if (protocol === TzspProtocol.ethernet) return enter(walk, TunnelKind.tzsp, 0, inner, Layer.ethernet);
  return protocol === TzspProtocol.ieee80211 ? enter(walk, TunnelKind.tzsp, 0, inner, Layer.ieee80211) : Layer.done;
}

function enterGue(walk: Walk, at: number): Layer {
  const inner = gue.ipAt(walk.view, at, walk.end);
  return inner < 0 ? Layer.done : enter(walk, TunnelKind.gue, 0, inner, Layer.rawIp);
}

function enterVxlan(walk: Walk, at: number): Layer {
  const { view, end } = walk;
  if (!vxlan.matches(view, at, end) || !looksLikeEthernet(view, at + vxlan.HEADER_BYTES, end)) return Layer.done;
  return enter(walk, TunnelKind.vxlan, vxlan.vni(view, at), at + vxlan.HEADER_BYTES, Layer.ethernet);
}

const gpeLayers: readonly Layer[] = [Layer.done, Layer.ipv4, Layer.ipv6, Layer.ethernet, Layer.done, Layer.mpls];

function enterGpe(walk: Walk, at: number): Layer {
  const { view, end } = walk;
  if (!vxlan.matchesGpe(view, at, end)) return vxlan.matches(view, at, end) ? enterVxlan(walk, at) : Layer.done;
  const layer = gpeLayers[vxlan.nextProtocol(view, at)] ?? Layer.done;
  return layer === Layer.done ? layer : enter(walk, TunnelKind.vxlanGpe, vxlan.vni(view, at), at + vxlan.HEADER_BYTES, layer);
}

function enterGeneve(walk: Walk, at: number): Layer {
  const { view, end } = walk;
  if (!geneve.matches(view, at, end)) return Layer.done;
  const inner = at + geneve.headerBytes(view, at);
  const layer = guessEtherType(walk, geneve.protocol(view, at), inner);
  return layer === Layer.done ? layer : enter(walk, TunnelKind.geneve, geneve.vni(view, at), inner, layer);
}

/** GRE in UDP (RFC 8086). */
function enterGre(walk: Walk, at: number): Layer {
  const { view, end } = walk;
  if (gre.check(view, at, end) !== Verdict.ok || gre.version(view, at) !== 0) return Layer.done;
  const inner = at + gre.headerBytes(view, at, end);
  const layer = guessEtherType(walk, gre.protocol(view, at), inner);
  return layer === Layer.done ? layer : enter(walk, TunnelKind.gre, gre.key(view, at), inner, layer);
}

function enter(walk: Walk, kind: TunnelKind, id: number, inner: number, layer: Layer): Layer {
  const { columns, row } = walk;
  walk.guessL3 = columns.l3[row] as number;
  walk.guessL4 = columns.l4[row] as number;
  walk.guessEnd = walk.end;
  walk.guessWireEnd = walk.wireEnd;
  walk.guessVerdict = columns.verdict[row] as number;
  walk.guessFlags = columns.flags[row] as number;
  walk.guessTunnel = columns.tunnel[row] as number;
  walk.guessVlan = columns.vlan[row] as number;
  if (!enterTunnel(walk, kind, id)) return Layer.done;
  walk.at = inner;
  return layer;
}

/** At the walk's end: was there a sound packet inside the last UDP tunnel? If not, the datagram stands for itself. */
export function settleGuess(walk: Walk): void {
  const { columns, row } = walk;
  const verdict = columns.verdict[row] as number;
  if (verdict === Verdict.tooManyLayers) return;
  const isSound = verdict === walk.guessVerdict || verdictKind(verdict) !== VerdictKind.invalid;
  if (isSound && columns.l3[row] !== walk.guessL3) return;
  walk.end = walk.guessEnd;
  walk.wireEnd = walk.guessWireEnd;
  restoreIp(walk, walk.guessL3);
  columns.verdict[row] = walk.guessVerdict;
  columns.flags[row] = walk.guessFlags;
  columns.tunnel[row] = walk.guessTunnel;
  columns.vlan[row] = walk.guessVlan;
  columns.l4[row] = walk.guessL4;
  walk.at = walk.guessL4;
  writePorts(walk);
  writePayload(walk, walk.guessL4 + udp.HEADER_BYTES);
}
