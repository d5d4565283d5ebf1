import * as ipv4 from "#wire/ipv4.ts";
import * as ipv6 from "#wire/ipv6.ts";
import { isExtension } from "#wire/ipv6-extensions.ts";
import { IpProtocol } from "#wire/protocol.ts";
import { Verdict } from "#wire/verdict.ts";
import { layerOfProtocol, readExtensions, readFragment4 } from "./decode-ip-rare.ts";
import { broken, fail, Layer, short, type Walk } from "./decode-walk.ts";

const OK = Verdict.ok;

export function readIpv4(walk: Walk): Layer {
  const { view, at } = walk;
  const verdict = ipv4.check(view, at, walk.end);
  if (verdict !== OK) return brokenIpv4(walk, verdict);
  writeIpv4(walk);
  const bytes = ipv4.headerBytes(view, at);
  limitToPacket(walk, ipv4.totalBytes(view, at), Verdict.ipv4Truncated);
  const protocol = ipv4.protocol(view, at);
  walk.columns.protocol[walk.row] = protocol;
  if (bytes > ipv4.HEADER_BYTES) checkOptions(walk, bytes);
  walk.at = at + bytes;
  if (ipv4.isFragment(view, at)) return readFragment4(walk, at);
  if (protocol === IpProtocol.tcp) return Layer.tcp;
  if (protocol === IpProtocol.udp) return Layer.udp;
  return layerOfProtocol(protocol, 4);
}

export function readIpv6(walk: Walk): Layer {
  const { view, at } = walk;
  const verdict = ipv6.check(view, at, walk.end);
  if (verdict !== OK) return verdict === Verdict.ipv6TooSmall ? short(walk, verdict, ipv6.HEADER_BYTES) : broken(walk, verdict);
  writeIpv6(walk);
  const payload = ipv6.payloadBytes(view, at);
  const next = ipv6.nextHeader(view, at);
  // Length 0 with something to carry: a jumbogram, or segmentation left to the network card.
  if (payload !== 0 || next === IpProtocol.noNext) limitToPacket(walk, payload + ipv6.HEADER_BYTES, Verdict.ipv6Truncated);
  walk.columns.protocol[walk.row] = next;
  walk.at = at + ipv6.HEADER_BYTES;
  if (next === IpProtocol.tcp) return Layer.tcp;
  if (next === IpProtocol.udp) return Layer.udp;
  if (isExtension(next)) return readExtensions(walk, next);
  if (next === IpProtocol.noNext && walk.end > walk.at) fail(walk, Verdict.ipv6DataAfterNone);
  return layerOfProtocol(next, 6);
}

/** Cuts what follows the packet (Ethernet padding), and judges a packet that is longer than what carries it. */
function limitToPacket(walk: Walk, totalBytes: number, verdict: Verdict): void {
  // Total length 0: segmentation was left to the network card, the packet fills its frame.
  if (totalBytes === 0) return;
  const stop = walk.at + totalBytes;
  if (stop > walk.wireEnd) fail(walk, verdict);
  if (stop < walk.end) walk.end = stop;
  walk.wireEnd = stop;
}

function writeIpv4(walk: Walk): void {
  const { view, columns, row, at } = walk;
  if (walk.depth !== 0) clearOuter(walk);
  columns.ipVersion[row] = 4;
  columns.l3[row] = at;
  columns.source0[row] = ipv4.source(view, at);
  columns.target0[row] = ipv4.target(view, at);
}

function writeIpv6(walk: Walk): void {
  const { view, columns, row, at } = walk;
  if (walk.depth !== 0) clearOuter(walk);
  columns.ipVersion[row] = 6;
  columns.l3[row] = at;
  columns.source0[row] = ipv6.sourceWord(view, at, 0);
  columns.source1[row] = ipv6.sourceWord(view, at, 1);
  columns.source2[row] = ipv6.sourceWord(view, at, 2);
  columns.source3[row] = ipv6.sourceWord(view, at, 3);
  columns.target0[row] = ipv6.targetWord(view, at, 0);
  columns.target1[row] = ipv6.targetWord(view, at, 1);
  columns.target2[row] = ipv6.targetWord(view, at, 2);
  columns.target3[row] = ipv6.targetWord(view, at, 3);
}

/** Takes away what the header around the tunnel wrote, now that the one inside takes its place. */
export function clearOuter(walk: Walk): void {
  const { columns, row } = walk;
  columns.protocol[row] = 0;
  columns.l4[row] = -1;
  columns.source1[row] = 0;
  columns.source2[row] = 0;
  columns.source3[row] = 0;
  columns.target1[row] = 0;
  columns.target2[row] = 0;
  columns.target3[row] = 0;
  columns.sourcePort[row] = 0;
  columns.targetPort[row] = 0;
  columns.tcpSeq[row] = 0;
  columns.tcpAck[row] = 0;
  columns.tcpFlags[row] = 0;
  columns.tcpWindow[row] = 0;
  columns.fragment[row] = 0;
  columns.fragmentId[row] = 0;
  columns.payload[row] = walk.end;
  columns.payloadBytes[row] = 0;
  columns.payloadWireBytes[row] = 0;
}

/** Puts the IP header at `l3` back into the row, for a UDP datagram that turned out to be no tunnel. */
export function restoreIp(walk: Walk, l3: number): void {
  walk.at = l3;
  clearOuter(walk);
  if (ipv4.version(walk.view, l3) === 4) writeIpv4(walk);
  else writeIpv6(walk);
  walk.columns.protocol[walk.row] = IpProtocol.udp;
}

/** A header that fails its check: when its addresses can be read they are told all the same. */
function brokenIpv4(walk: Walk, verdict: Verdict): Layer {
  const { view, at, end } = walk;
  if (verdict === Verdict.ipv4TooSmall) return short(walk, verdict, ipv4.HEADER_BYTES);
  if (verdict === Verdict.ipv4WrongVersion) return broken(walk, verdict);
  writeIpv4(walk);
  walk.columns.protocol[walk.row] = ipv4.protocol(view, at);
  walk.columns.payload[walk.row] = end;
  // The header has options that the snap length cut.
  if (verdict === Verdict.ipv4Truncated) return short(walk, verdict, ipv4.headerBytes(view, at));
  return broken(walk, verdict);
}

function checkOptions(walk: Walk, bytes: number): void {
  const verdict = ipv4.checkOptions(walk.view, walk.at + ipv4.HEADER_BYTES, walk.at + bytes);
  if (verdict !== OK) fail(walk, verdict);
}
