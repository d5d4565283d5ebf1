import { fromHex } from "#base/bytes.ts";
import type { FrameBlock } from "#contract/source.ts";
import { newCounters } from "#schema/metrics.ts";
import { LinkType } from "#wire/link-type.ts";
import { TunnelKind } from "#wire/tunnel.ts";
import { PacketColumns } from "./columns.ts";
import { Decoder, type DecoderOptions } from "./decode.ts";

/** A frame of a test. */
export interface Frame {
  readonly hex: string;
  readonly link?: number;
  /** Bytes that the wire had and the capture has not. */
  readonly cut?: number;
  readonly vlan?: number;
  readonly flags?: number;
}

/** A block of the frames with a gap of 0xdb between them, so that reading past an end shows. */
export function blockOf(frames: readonly Frame[]): FrameBlock {
  const each = frames.map((frame) => fromHex(frame.hex));
  const bytes = new Uint8Array(each.reduce((sum, frame) => sum + frame.length + 8, 8)).fill(0xdb);
  const offset = new Int32Array(each.length);
  let at = 8;
  each.forEach((frame, index) => {
    bytes.set(frame, at);
    offset[index] = at;
    at += frame.length + 8;
  });
  return {
    bytes,
    view: new DataView(bytes.buffer),
    count: frames.length,
    firstNumber: 1,
    clock: 0,
    offset,
    captured: Int32Array.from(each, (frame) => frame.length),
    wire: Int32Array.from(frames, (frame, index) => (each[index] as Uint8Array).length + (frame.cut ?? 0)),
    time: new Float64Array(frames.length),
    linkType: Uint16Array.from(frames, (frame) => frame.link ?? LinkType.ethernet),
    vlan: Uint32Array.from(frames, (frame) => frame.vlan ?? 0),
    flags: Uint8Array.from(frames, (frame) => frame.flags ?? 0),
    interfaceIndex: new Uint8Array(frames.length),
    partition: new Uint8Array(frames.length),
  };
}

/** Decodes one frame. */
export function decode(
  frame: Frame,
  checksums: DecoderOptions["checksums"] = "no",
): { columns: PacketColumns; block: FrameBlock; counters: Float64Array } {
  const block = blockOf([frame]);
  const columns = new PacketColumns();
  const counters = newCounters();
  new Decoder({ checksums }, counters).decode(block, 0, 1, columns);
  return { columns, block, counters };
}

export const hex = (value: number, bytes: number): string => value.toString(16).padStart(bytes * 2, "0");
export const size = (text: string): number => fromHex(text).length;
export const ETHER = "001122334455 66778899aabb ";
export const v4 = (protocol: number, payload: string, source = "0a000001", target = "0a000002", fragment = "4000"): string =>
  `45 00 ${hex(20 + size(payload), 2)} 1234 ${fragment} 40 ${hex(protocol, 1)} 0000 ${source} ${target} ${payload}`;
const V6_A = "20010db8000000000000000000000001";
const V6_B = "20010db8000000000000000000000002";
export const v6 = (next: number, payload: string): string =>
  `60000000 ${hex(size(payload), 2)} ${hex(next, 1)} 40 ${V6_A} ${V6_B} ${payload}`;
export const udp = (source: number, target: number, payload: string): string =>
  `${hex(source, 2)} ${hex(target, 2)} ${hex(8 + size(payload), 2)} 0000 ${payload}`;
export const tcp = (payload: string): string => `c350 0050 00000001 00000002 50 18 1000 0000 0000 ${payload}`;
export const DNS = udp(40_000, 53, "abcd");
export const INNER = v4(17, DNS, "c0a80001", "c0a80002");
export const INNER_ETHER = `${ETHER} 0800 ${INNER}`;

const pseudowire = `00010140 ${INNER_ETHER}`;
export const gre = (type: string, payload: string): string => `0000 ${type} ${payload}`;
const snap = `aaaa03 000000 0800 ${INNER}`;
const geneve = `0000 6558 00007b00 ${INNER_ETHER}`;
const vxlan = `08000000 00007b00 ${INNER_ETHER}`;
export const mac18 = "001122334455 001122334455 001122334455";

/** Ways to carry `INNER`: a sentence, the frame, the kind and the id of the outermost tunnel. */
export const carriers: readonly (readonly [string, Frame, number, number])[] = [
  ["Ethernet", { hex: INNER_ETHER }, TunnelKind.none, 0],
  ["one VLAN", { hex: `${ETHER} 8100 0064 0800 ${INNER}` }, TunnelKind.none, 0],
  ["two VLANs", { hex: `${ETHER} 88a8 0064 8100 00c8 0800 ${INNER}` }, TunnelKind.none, 0],
  ["802.3 with SNAP", { hex: `${ETHER} ${hex(size(snap), 2)} ${snap}` }, TunnelKind.none, 0],
  ["VN-Tag", { hex: `${ETHER} 8926 00000001 0800 ${INNER}` }, TunnelKind.none, 0],
  ["provider backbone", { hex: `${ETHER} 88e7 00000007 ${INNER_ETHER}` }, TunnelKind.pbb, 7],
  ["802.1BR tag", { hex: `${ETHER} 893f 000000000000 0800 ${INNER}` }, TunnelKind.none, 0],
  ["service header", { hex: `${ETHER} 894f 0fc2 02 01 000123ff ${INNER}` }, TunnelKind.none, 0],
  ["FabricPath", { hex: `${ETHER} 8903 0000 ${INNER_ETHER}` }, TunnelKind.none, 0],
  ["MPLS", { hex: `${ETHER} 8847 00010040 00011140 ${INNER}` }, TunnelKind.none, 0],
  ["MPLS pseudowire", { hex: `${ETHER} 8847 ${pseudowire}` }, TunnelKind.none, 0],
  ["MPLS pseudowire with control word", { hex: `${ETHER} 8847 00010140 00000000 ${INNER_ETHER}` }, TunnelKind.none, 0],
  ["PPPoE", { hex: `${ETHER} 8864 1100 0009 ${hex(size(INNER) + 2, 2)} 0021 ${INNER}` }, TunnelKind.pppoe, 9],
  ["IP in IP", { hex: `${ETHER} 0800 ${v4(4, INNER)}` }, TunnelKind.ipip, 0],
  ["IPv4 in IPv6", { hex: `${ETHER} 86dd ${v6(4, INNER)}` }, TunnelKind.fourInSix, 0],
  ["GRE", { hex: `${ETHER} 0800 ${v4(47, gre("0800", INNER))}` }, TunnelKind.gre, 0],
  ["GRE with a key", { hex: `${ETHER} 0800 ${v4(47, `2000 0800 0000002a ${INNER}`)}` }, TunnelKind.gre, 42],
  ["transparent Ethernet in GRE", { hex: `${ETHER} 0800 ${v4(47, gre("6558", INNER_ETHER))}` }, TunnelKind.gre, 0],
  ["MPLS in GRE", { hex: `${ETHER} 0800 ${v4(47, gre("8847", `00010140 ${INNER}`))}` }, TunnelKind.gre, 0],
  ["PPTP", { hex: `${ETHER} 0800 ${v4(47, `3001 880b ${hex(size(INNER) + 4, 2)} 0001 00000001 ff030021 ${INNER}`)}` }, TunnelKind.pptp, 0],
  ["ERSPAN type I", { hex: `${ETHER} 0800 ${v4(47, gre("88be", INNER_ETHER))}` }, TunnelKind.erspan, 0],
  ["ERSPAN type II", { hex: `${ETHER} 0800 ${v4(47, `1000 88be 00000001 1000 0005 00000000 ${INNER_ETHER}`)}` }, TunnelKind.erspan, 5],
  ["EtherIP", { hex: `${ETHER} 0800 ${v4(97, `3000 ${INNER_ETHER}`)}` }, TunnelKind.etherip, 0],
  ["MPLS in IP", { hex: `${ETHER} 0800 ${v4(137, `00010140 ${INNER}`)}` }, TunnelKind.mpls, 0],
  ["VXLAN", { hex: `${ETHER} 0800 ${v4(17, udp(50_000, 4789, vxlan))}` }, TunnelKind.vxlan, 123],
  ["VXLAN over IPv6", { hex: `${ETHER} 86dd ${v6(17, udp(50_000, 8472, vxlan))}` }, TunnelKind.vxlan, 123],
  ["VXLAN-GPE", { hex: `${ETHER} 0800 ${v4(17, udp(50_000, 4790, `0c000001 00007b00 ${INNER}`))}` }, TunnelKind.vxlanGpe, 123],
  ["GENEVE", { hex: `${ETHER} 0800 ${v4(17, udp(50_000, 6081, geneve))}` }, TunnelKind.geneve, 123],
  ["GRE in UDP", { hex: `${ETHER} 0800 ${v4(17, udp(50_000, 4754, gre("0800", INNER)))}` }, TunnelKind.gre, 0],
  ["GTP-U", { hex: `${ETHER} 0800 ${v4(17, udp(2152, 2152, `30ff ${hex(size(INNER), 2)} 00000001 ${INNER}`))}` }, TunnelKind.gtp, 0],
  ["L2TP", { hex: `${ETHER} 0800 ${v4(17, udp(1701, 1701, `0002 0001 0002 ff030021 ${INNER}`))}` }, TunnelKind.l2tp, 0],
  ["CAPWAP", { hex: `${ETHER} 0800 ${v4(17, udp(5247, 40_000, `00100200 00000000 ${INNER_ETHER}`))}` }, TunnelKind.capwap, 0],
  [
    "CAPWAP with an 802.11 frame",
    { hex: `${ETHER} 0800 ${v4(17, udp(40_000, 5247, `00100300 00000000 0801 0000 ${mac18} 0000 ${snap}`))}` },
    TunnelKind.capwap,
    0,
  ],
  ["TZSP", { hex: `${ETHER} 0800 ${v4(17, udp(40_000, 37_008, `01000001 01 ${INNER_ETHER}`))}` }, TunnelKind.tzsp, 0],
  ["IP in UDP", { hex: `${ETHER} 0800 ${v4(17, udp(40_000, 6080, INNER))}` }, TunnelKind.gue, 0],
  ["AH", { hex: `${ETHER} 0800 ${v4(51, `0404 0000 00000001 00000001 ${"00".repeat(12)} ${INNER}`)}` }, TunnelKind.ipip, 0],
  ["cooked", { hex: `0000 0001 0006 0011223344550000 0800 ${INNER}`, link: LinkType.linuxSll }, TunnelKind.none, 0],
  ["cooked v2", { hex: `0800 0000 00000002 0001 00 06 0011223344550000 ${INNER}`, link: LinkType.linuxSll2 }, TunnelKind.none, 0],
  ["loopback, little-endian", { hex: `02000000 ${INNER}`, link: LinkType.null }, TunnelKind.none, 0],
  ["loopback, big-endian", { hex: `00000002 ${INNER}`, link: LinkType.loop }, TunnelKind.none, 0],
  ["raw IP", { hex: INNER, link: LinkType.raw }, TunnelKind.none, 0],
  ["raw IPv4", { hex: INNER, link: LinkType.ipv4 }, TunnelKind.none, 0],
  ["PPP", { hex: `0021 ${INNER}`, link: LinkType.ppp }, TunnelKind.none, 0],
  ["PPP in HDLC framing", { hex: `ff03 0021 ${INNER}`, link: LinkType.pppHdlc }, TunnelKind.none, 0],
  ["Cisco HDLC", { hex: `0f00 0800 ${INNER}`, link: LinkType.cHdlc }, TunnelKind.none, 0],
  ["Frame Relay", { hex: `1841 03 cc ${INNER}`, link: LinkType.frameRelay }, TunnelKind.none, 0],
  ["802.11", { hex: `0801 0000 ${mac18} 0000 ${snap}`, link: LinkType.ieee80211 }, TunnelKind.none, 0],
  [
    "radiotap, QoS, padded, check sequence",
    { hex: `0000 0900 02000000 30 8802 0000 ${mac18} 0000 0000 0000 ${snap} deadbeef`, link: LinkType.radiotap },
    TunnelKind.none,
    0,
  ],
  ["AVS", { hex: `80211001 00000008 0801 0000 ${mac18} 0000 ${snap}`, link: LinkType.avs }, TunnelKind.none, 0],
  ["per-packet information", { hex: `00 00 0800 01000000 ${INNER_ETHER}`, link: LinkType.ppi }, TunnelKind.none, 0],
  [
    "netfilter log",
    { hex: `02 00 0000 0800 0100 00000000 ${hex((size(INNER) + 4) & 255, 1)}00 0900 ${INNER}`, link: LinkType.nflog },
    TunnelKind.none,
    0,
  ],
];
