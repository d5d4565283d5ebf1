import { expect, test } from "vitest";
import { M, newCounters } from "#schema/metrics.ts";
import { LinkType } from "#wire/link-type.ts";
import { Verdict } from "#wire/verdict.ts";
import { Fragment, PacketColumns, PacketFlag } from "./columns.ts";
import { Decoder } from "./decode.ts";
import { decodeReason } from "./decode-reason.ts";
import { blockOf, DNS, decode, ETHER, type Frame, INNER, INNER_ETHER, mac18, tcp, v4, v6 } from "./decode-testing.ts";

test("TCP over IPv4 over Ethernet fills every column", () => {
  const { columns, block, counters } = decode({ hex: `${ETHER} 0800 ${v4(6, tcp("616263"))} 000000` });
  const start = block.offset[0] as number;
  expect(columns.count).toBe(1);
  expect([columns.verdict[0], columns.ipVersion[0], columns.protocol[0], columns.ether[0], columns.l3[0], columns.l4[0]]).toEqual([
    0,
    4,
    6,
    start,
    start + 14,
    start + 34,
  ]);
  expect([columns.source0[0], columns.target0[0], columns.sourcePort[0], columns.targetPort[0]]).toEqual([
    0x0a000001, 0x0a000002, 50_000, 80,
  ]);
  expect([columns.payload[0], columns.payloadBytes[0], columns.payloadWireBytes[0]]).toEqual([start + 54, 3, 3]);
  expect([columns.tcpSeq[0], columns.tcpAck[0], columns.tcpFlags[0], columns.tcpWindow[0]]).toEqual([1, 2, 0x18, 0x1000]);
  expect([counters[M.packets], counters[M.ipv4], counters[M.tcp], counters[M.ethernet], counters[M.invalid]]).toEqual([1, 1, 1, 1, 0]);
});

test("UDP over IPv6 has four address words", () => {
  const { columns } = decode({ hex: `${ETHER} 86dd ${v6(17, DNS)}` });
  expect([columns.source0[0], columns.source3[0], columns.target3[0], columns.targetPort[0], columns.payloadBytes[0]]).toEqual([
    0x20010db8, 1, 2, 53, 2,
  ]);
});

const LONG = v4(17, DNS).replace("001e", "00ff");
const broken: readonly (readonly [string, Frame, number, string])[] = [
  ["13 bytes of Ethernet", { hex: `${ETHER} 08` }, Verdict.ethernetTooSmall, "too short for an Ethernet header: 13 bytes follow"],
  ["IPv4 longer than the frame", { hex: `${ETHER} 0800 ${LONG}` }, Verdict.ipv4Truncated, "IPv4 total length 255 but only 30 bytes follow"],
  ["IPv4 of version 7", { hex: `${ETHER} 0800 7${INNER.slice(1)}` }, Verdict.ipv4WrongVersion, "IP version 7 where 4 is expected"],
  [
    "IPv4 header of 16 bytes",
    { hex: `${ETHER} 0800 44${INNER.slice(2)}` },
    Verdict.ipv4HeaderTooSmall,
    "IPv4 header length 16, at least 20 are needed",
  ],
  [
    "IPv4 of total length 19",
    { hex: `${ETHER} 0800 ${INNER.replace("001e", "0013")}` },
    Verdict.ipv4LengthSmallerThanHeader,
    "IPv4 total length 19 is smaller than its header of 20",
  ],
  [
    "IPv6 longer than the frame",
    { hex: `${ETHER} 86dd ${v6(17, DNS).slice(0, -2)}` },
    Verdict.ipv6Truncated,
    "IPv6 payload length 10 but only 9 bytes follow the header",
  ],
  [
    "TCP of 19 bytes",
    { hex: `${ETHER} 0800 ${v4(6, tcp("").trim().slice(0, -2))}` },
    Verdict.tcpTooSmall,
    "too short for a TCP header: 19 bytes follow",
  ],
  [
    "TCP header of 24 in 20 bytes",
    { hex: `${ETHER} 0800 ${v4(6, tcp("").replace("50 18", "60 18"))}` },
    Verdict.tcpHeaderTooSmall,
    "TCP header length 24, 20 bytes follow",
  ],
  [
    "UDP longer than its packet",
    { hex: `${ETHER} 0800 ${v4(17, DNS.replace("000a", "000b"))}` },
    Verdict.udpTooSmall,
    "UDP length 11 but only 10 bytes follow",
  ],
  [
    "UDP of length 7",
    { hex: `${ETHER} 0800 ${v4(17, DNS.replace("000a", "0007"))}` },
    Verdict.udpLengthInvalid,
    "UDP length 7 is below the header's 8",
  ],
  [
    "ICMP of an unknown type",
    { hex: `${ETHER} 0800 ${v4(1, "c805 0000 0000 0000")}` },
    Verdict.icmpUnknownType,
    "unknown ICMP type: type 200, code 5",
  ],
  ["ICMPv6 in IPv4", { hex: `${ETHER} 0800 ${v4(58, "8000 0000 0000 0000")}` }, Verdict.ipv4Icmpv6, "ICMPv6 inside IPv4"],
  ["LLDP", { hex: `${ETHER} 88cc 0207` }, Verdict.unknownEtherType, "the frame carries EtherType 0x88cc, which is not decoded"],
  ["USB", { hex: "00", link: 189 }, Verdict.unknownLinkType, "the link type USB (Linux) is not decoded"],
  [
    "a protected 802.11 frame",
    { hex: `0841 0000 ${mac18} 0000 00000000`, link: LinkType.ieee80211 },
    Verdict.encrypted,
    "the frame is encrypted",
  ],
  ["nothing on raw IP", { hex: "", link: LinkType.raw }, Verdict.rawInvalidVersion, "raw IP that is neither version 4 nor 6"],
];

test.each(broken)("%s gets its verdict and its reason", (_case, frame, verdict, reason) => {
  const { columns, block } = decode(frame);
  expect(columns.verdict[0]).toBe(verdict);
  expect(decodeReason(block, 0, verdict)).toBe(reason);
});

test("a packet that is too long keeps its flow", () => {
  const { columns, counters } = decode({ hex: `${ETHER} 0800 ${LONG}` });
  expect([columns.ipVersion[0], columns.sourcePort[0], columns.targetPort[0], columns.flags[0]]).toEqual([4, 40_000, 53, 0]);
  expect(counters[M.invalid]).toBe(1);
});

test("TCP too short for its header keeps its ports", () => {
  const { columns } = decode({ hex: `${ETHER} 0800 ${v4(6, "c350 0050 00000001")}` });
  expect([columns.ipVersion[0], columns.l4[0], columns.sourcePort[0], columns.targetPort[0]]).toEqual([4, -1, 50_000, 80]);
});

test("what the snap length cut is no fault", () => {
  const whole = `${ETHER} 0800 ${v4(6, tcp("61".repeat(100)))}`;
  const cut = (bytes: number): PacketColumns => decode({ hex: whole.replace(/\s/g, "").slice(0, bytes * 2), cut: 154 - bytes }).columns;
  const payload = cut(60);
  expect([payload.verdict[0], payload.flags[0], payload.payloadBytes[0], payload.payloadWireBytes[0]]).toEqual([
    0,
    PacketFlag.truncated,
    6,
    100,
  ]);
  const ports = cut(40);
  expect([ports.verdict[0], ports.ipVersion[0], ports.l4[0], ports.targetPort[0]]).toEqual([0, 4, -1, 80]);
  const addresses = cut(34);
  expect([addresses.verdict[0], addresses.ipVersion[0], addresses.l4[0], addresses.targetPort[0]]).toEqual([0, 4, -1, 0]);
  for (const bytes of [33, 15, 13, 0]) expect([cut(bytes).verdict[0], cut(bytes).ipVersion[0]]).toEqual([Verdict.cut, 0]);
});

test("total length 0 means to the end of the frame", () => {
  const { columns } = decode({ hex: `${ETHER} 0800 ${v4(6, tcp("6162")).replace("002a", "0000")}` });
  expect([columns.verdict[0], columns.payloadBytes[0]]).toEqual([0, 2]);
  expect(decode({ hex: `${ETHER} 86dd ${v6(6, tcp("6162")).replace("0016 06", "0000 06")}` }).columns.payloadBytes[0]).toBe(2);
});

test("ICMP has type and code for ports, errors are flagged", () => {
  const { columns } = decode({ hex: `${ETHER} 0800 ${v4(1, `0303 0000 00000000 ${INNER}`)}` });
  expect([columns.sourcePort[0], columns.targetPort[0], columns.flags[0], columns.payloadBytes[0]]).toEqual([
    3,
    3,
    PacketFlag.icmpError,
    30,
  ]);
  const six = decode({ hex: `${ETHER} 86dd ${v6(58, "8000 0000 0001 0002")}` }).columns;
  expect([six.sourcePort[0], six.flags[0]]).toEqual([128, 0]);
});

test("fragments: the first has ports, the later ones have neither ports nor transport header", () => {
  const first = decode({ hex: `${ETHER} 0800 ${v4(17, DNS, undefined, undefined, "2000")}` }).columns;
  expect([first.fragment[0], first.fragmentId[0], first.targetPort[0], first.verdict[0]]).toEqual([Fragment.first, 0x1234, 53, 0]);
  const later = decode({ hex: `${ETHER} 0800 ${v4(17, DNS, undefined, undefined, "0001")}` }).columns;
  expect([later.fragment[0], later.targetPort[0], later.l4[0], later.payloadBytes[0]]).toEqual([Fragment.later, 0, -1, 10]);
  const huge = decode({ hex: `${ETHER} 0800 ${v4(17, DNS, undefined, undefined, "1fff")}` }).columns;
  expect(huge.verdict[0]).toBe(Verdict.ipv4FragmentTooLarge);
});

const part6 = (offsetAndMore: string, payload: string): PacketColumns =>
  decode({ hex: `${ETHER} 86dd ${v6(44, `1100 ${offsetAndMore} deadbeef ${payload}`)}` }).columns;

test("fragments of IPv6", () => {
  const first = part6("0001", `${DNS} ${"00".repeat(6)}`);
  expect([first.fragment[0], first.fragmentId[0], first.protocol[0], first.targetPort[0], first.verdict[0]]).toEqual([
    Fragment.first,
    0xdeadbeef | 0,
    17,
    53,
    0,
  ]);
  expect(part6("0001", DNS).verdict[0]).toBe(Verdict.ipv6FragmentInvalidLength);
  const later = part6("0008", DNS);
  expect([later.fragment[0], later.l4[0], later.payloadBytes[0]]).toEqual([Fragment.later, -1, 10]);
  const whole = part6("0000", DNS);
  expect([whole.fragment[0], whole.targetPort[0], whole.verdict[0]]).toEqual([Fragment.none, 53, Verdict.ipv6UselessFragment]);
});

test("nothing of the last batch shows", () => {
  const columns = new PacketColumns();
  const decoder = new Decoder({ checksums: "no" }, newCounters());
  const rich = `${ETHER} 8100 0064 86dd ${v6(41, v6(44, `0600 0001 deadbeef ${tcp("00000000")}`))}`;
  decoder.decode(blockOf([{ hex: rich, cut: 9 }]), 0, 1, columns);
  decoder.decode(blockOf([{ hex: `${ETHER} 88cc 0207` }]), 0, 1, columns);
  const fresh = new PacketColumns();
  new Decoder({ checksums: "no" }, newCounters()).decode(blockOf([{ hex: `${ETHER} 88cc 0207` }]), 0, 1, fresh);
  for (const [name, values] of Object.entries(columns)) {
    if (typeof values !== "number")
      expect([name, (values as Int32Array)[0]]).toEqual([name, (fresh[name as keyof PacketColumns] as Int32Array)[0]]);
  }
});

test("ARP is counted, and needs no verdict", () => {
  const { columns, counters } = decode({ hex: `${ETHER} 0806 0001080006040001 001122334455 c0a80001 001122334455 c0a80002` });
  expect([columns.verdict[0], columns.ipVersion[0], counters[M.arp], counters[M.undecoded]]).toEqual([Verdict.ok, 0, 1, 0]);
});

test("a part of a block goes to the first rows", () => {
  const block = blockOf([{ hex: `${ETHER} 88cc` }, { hex: INNER_ETHER }, { hex: `${ETHER} 0806` }]);
  const columns = new PacketColumns();
  new Decoder({ checksums: "no" }, newCounters()).decode(block, 1, 3, columns);
  expect([columns.count, columns.frame[0], columns.frame[1], columns.targetPort[0], columns.verdict[1]]).toEqual([
    2,
    1,
    2,
    53,
    Verdict.arpTooSmall,
  ]);
});
