import { expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import { FrameFlag } from "#contract/source.ts";
import { M } from "#schema/metrics.ts";
import * as checksum from "#wire/checksum.ts";
import { LinkType } from "#wire/link-type.ts";
import { Verdict, VerdictKind, verdictKind } from "#wire/verdict.ts";
import { PacketFlag } from "./columns.ts";
import { decodeReason } from "./decode-reason.ts";
import { DNS, decode, type Frame, hex, tcp, v4, v6 } from "./decode-testing.ts";

/** `INNER_ETHER`'s IPv4 or the given packet with right checksums. */
function sealed(packet: string): string {
  const bytes = fromHex(packet);
  const view = new DataView(bytes.buffer as ArrayBuffer);
  const is4 = view.getUint8(0) >>> 4 === 4;
  const [l4, protocol] = is4 ? [20, view.getUint8(9)] : [40, view.getUint8(6)];
  const field = l4 + (protocol === 6 ? 16 : protocol === 17 ? 6 : 2);
  const pseudo = protocol === 1 ? 0 : (is4 ? checksum.pseudoSum4 : checksum.pseudoSum6)(view, 0, protocol, bytes.length - l4);
  if (protocol !== 132) view.setUint16(field, checksum.complement(checksum.sumBytes(view, l4, bytes.length, pseudo)));
  else view.setInt32(l4 + 8, checksum.crc32c(view, l4, bytes.length, l4 + 8), true);
  if (is4) view.setUint16(10, checksum.complement(checksum.sumBytes(view, 0, 20)));
  return Array.from(bytes, (byte) => hex(byte, 1)).join("");
}

const SCTP = "0b59 0b5a 00000001 00000000 0300 0010 00000001 00000002 00000000";
const flip = (packet: string, at: number): string =>
  packet.slice(0, at * 2) + hex(Number.parseInt(packet.slice(at * 2, at * 2 + 2), 16) ^ 1, 1) + packet.slice(at * 2 + 2);

const raw = (text: string, more: Partial<Frame> = {}): Frame => ({ hex: text, link: LinkType.raw, ...more });

test.each([
  ["TCP over IPv4", v4(6, tcp("616263")), Verdict.tcpBadChecksum],
  ["UDP over IPv4", v4(17, DNS), Verdict.udpBadChecksum],
  ["ICMP", v4(1, "0800 0000 0001 0002 61"), Verdict.icmpBadChecksum],
  ["TCP over IPv6", v6(6, tcp("616263")), Verdict.tcpBadChecksum],
  ["UDP over IPv6", v6(17, DNS), Verdict.udpBadChecksum],
  ["ICMPv6", v6(58, "8000 0000 0001 0002 61"), Verdict.icmpv6BadChecksum],
  ["SCTP", v4(132, SCTP), Verdict.sctpBadChecksum],
])("checksum of %s", (_case, packet, verdict) => {
  const right = sealed(packet);
  expect(decode(raw(right), "yes").columns.verdict[0]).toBe(Verdict.ok);
  const wrong = flip(right, right.length / 2 - 1);
  const { columns, counters, block } = decode(raw(wrong), "auto");
  expect([columns.verdict[0], columns.flags[0], counters[M.badChecksum], counters[M.invalid]]).toEqual([
    verdict,
    PacketFlag.badL4Checksum,
    1,
    0,
  ]);
  expect(verdictKind(verdict)).toBe(VerdictKind.checksum);
  if (verdict !== Verdict.sctpBadChecksum)
    expect(decodeReason(block, 0, verdict)).toMatch(/checksum 0x[0-9a-f]{4}, computed 0x[0-9a-f]{4}$/);
  expect(decode(raw(wrong), "no").columns.verdict[0]).toBe(Verdict.ok);
  for (const flags of Object.values({
    a: FrameFlag.checksumUnfinished,
    b: FrameFlag.checksumVerified,
    c: FrameFlag.outgoing,
    d: FrameFlag.merged,
  })) {
    expect(decode(raw(wrong, { flags }), "auto").columns.verdict[0]).toBe(Verdict.ok);
    expect(decode(raw(wrong, { flags }), "yes").columns.verdict[0]).toBe(verdict);
  }
  expect(decode(raw(right.slice(0, -2), { cut: 1 }), "yes").columns.verdict[0]).toBe(Verdict.ok);
});

test("a wrong IPv4 header checksum", () => {
  const wrong = flip(sealed(v4(17, DNS)), 8);
  const { columns, block } = decode({ hex: wrong, link: LinkType.raw }, "auto");
  expect([columns.verdict[0], columns.flags[0]]).toEqual([Verdict.ipv4BadChecksum, PacketFlag.badIpChecksum]);
  expect(decodeReason(block, 0, Verdict.ipv4BadChecksum)).toMatch(/^IPv4 header checksum 0x/);
});

test("auto passes over the pseudo header's sum that a sending kernel leaves to the card", () => {
  const bytes = fromHex(sealed(v4(6, tcp("616263"))));
  const view = new DataView(bytes.buffer as ArrayBuffer);
  view.setUint16(36, checksum.pseudoSum4(view, 0, 6, bytes.length - 20));
  const text = Array.from(bytes, (byte) => hex(byte, 1)).join("");
  expect(decode({ hex: text, link: LinkType.raw }, "auto").columns.verdict[0]).toBe(Verdict.ok);
  expect(decode({ hex: text, link: LinkType.raw }, "yes").columns.verdict[0]).toBe(Verdict.tcpBadChecksum);
});

test("UDP over IPv4 without a checksum is right", () => {
  const bytes = sealed(v4(17, DNS));
  expect(decode({ hex: `${bytes.slice(0, 52)}0000${bytes.slice(56)}`, link: LinkType.raw }, "yes").columns.verdict[0]).toBe(Verdict.ok);
});
