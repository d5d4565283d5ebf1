import { expect, test } from "vitest";
import { M } from "#schema/metrics.ts";
import { TunnelKind, tunnelId, tunnelKind } from "#wire/tunnel.ts";
import { Verdict } from "#wire/verdict.ts";
import { PacketFlag } from "./columns.ts";
import { carriers, DNS, decode, ETHER, gre, INNER, INNER_ETHER, size, udp, v4, v6 } from "./decode-testing.ts";

test.each(carriers)("%s is unwrapped to the inner packet", (_case, frame, kind, id) => {
  const { columns } = decode(frame);
  expect([
    columns.verdict[0],
    columns.ipVersion[0],
    columns.source0[0],
    columns.sourcePort[0],
    columns.targetPort[0],
    columns.payloadBytes[0],
  ]).toEqual([Verdict.ok, 4, 0xc0a80001 | 0, 40_000, 53, 2]);
  expect([tunnelKind(columns.tunnel[0] as number), tunnelId(columns.tunnel[0] as number)]).toEqual([kind, id]);
  expect((columns.flags[0] as number) & PacketFlag.tunnelled).toBe(kind === TunnelKind.none ? 0 : PacketFlag.tunnelled);
});

test("IPv6 inside IPv4, and an inner IPv4 leaves no word of an outer IPv6", () => {
  const six = decode({ hex: `${ETHER} 0800 ${v4(41, v6(17, DNS))}` }).columns;
  expect([six.ipVersion[0], six.source3[0], tunnelKind(six.tunnel[0] as number)]).toEqual([6, 1, TunnelKind.sixInFour]);
  const four = decode({ hex: `${ETHER} 86dd ${v6(4, INNER)}` }).columns;
  expect([four.source1[0], four.source2[0], four.source3[0], four.target3[0]]).toEqual([0, 0, 0, 0]);
});

test("Teredo is unwrapped by port and length", () => {
  const { columns } = decode({ hex: `${ETHER} 0800 ${v4(17, udp(50_000, 3544, v6(17, DNS)))}` });
  expect([columns.ipVersion[0], columns.targetPort[0], tunnelKind(columns.tunnel[0] as number)]).toEqual([6, 53, TunnelKind.teredo]);
});

test("VLAN ids: the kernel's tag is the outermost, id 0 names no VLAN", () => {
  const both = decode({ hex: `${ETHER} 8100 60c8 0800 ${INNER}`, vlan: (0x8100 << 16) | 100 });
  expect(both.columns.vlan[0]).toBe(100 | (1 << 12) | ((200 | (1 << 12)) << 13));
  expect([both.counters[M.vlan], both.counters[M.vlanQinq]]).toEqual([0, 1]);
  expect(decode({ hex: `${ETHER} 8100 6000 0800 ${INNER}` }).columns.vlan[0]).toBe(0);
});

const VXLAN_OF = (inner: string): string => `${ETHER} 0800 ${v4(17, udp(50_000, 4789, inner))}`;

test.each([
  ["ordinary UDP on VXLAN's port", VXLAN_OF("0800000000007b00 6f7264696e6172792074657874206f6620736f6d65206b696e64")],
  ["VXLAN with a broken IPv4 inside", VXLAN_OF(`08000000 00007b00 ${ETHER} 0800 4f ${INNER.slice(2)}`)],
  ["VXLAN with ARP inside", VXLAN_OF(`08000000 00007b00 ${ETHER} 0806 0001080006040001 001122334455 c0a80001 001122334455 c0a80002`)],
  ["VXLAN whose IPv4 is longer than the datagram", VXLAN_OF(`08000000 00007b00 ${INNER_ETHER.slice(0, -2)}`)],
])("%s stands for itself", (_case, text) => {
  const { columns, block } = decode({ hex: text });
  const l4 = (block.offset[0] as number) + 34;
  expect([columns.verdict[0], columns.source0[0], columns.targetPort[0], columns.tunnel[0], columns.flags[0], columns.vlan[0]]).toEqual([
    Verdict.ok,
    0x0a000001,
    4789,
    0,
    0,
    0,
  ]);
  expect([columns.l4[0], columns.payload[0], columns.payloadBytes[0]]).toEqual([l4, l4 + 8, size(text) - 42]);
});

test("a broken packet inside GRE leaves the outer packet with the verdict", () => {
  const { columns, counters } = decode({ hex: `${ETHER} 0800 ${v4(47, gre("0800", `5${INNER.slice(1)}`))}` });
  expect([columns.verdict[0], columns.protocol[0], columns.source0[0]]).toEqual([Verdict.ipv4WrongVersion, 47, 0x0a000001]);
  expect(counters[M.invalid]).toBe(1);
});

test("nine tunnels inside each other are too many", () => {
  let packet = INNER;
  for (let depth = 0; depth < 8; depth++) packet = v4(4, packet);
  expect(decode({ hex: `${ETHER} 0800 ${packet}` }).columns.verdict[0]).toBe(Verdict.ok);
  expect(decode({ hex: `${ETHER} 0800 ${v4(4, packet)}` }).columns.verdict[0]).toBe(Verdict.tooManyLayers);
  expect(decode({ hex: `${ETHER} ${"8100 0001 ".repeat(9)} 0800 ${INNER}` }).columns.verdict[0]).toBe(Verdict.vlanTooManyLayers);
  expect(decode({ hex: `${ETHER} 0800 ${v4(51, `${"3301 0000 00000001 00000001 ".repeat(60)} 0000`)}` }).columns.verdict[0]).toBe(
    Verdict.tooManyLayers,
  );
});
