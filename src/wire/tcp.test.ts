import { expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import * as tcp from "./tcp.ts";
import { Verdict } from "./verdict.ts";

const view = (hex: string): DataView => new DataView(fromHex(hex).buffer as ArrayBuffer);

test.each([
  ["20 bytes", "c350 01bb 00000001 00000002 50 18 ffff beef 0007", Verdict.ok],
  ["19 bytes", "c350 01bb 00000001 00000002 50 18 ffff beef 00", Verdict.tcpTooSmall],
  ["header length 16", "c350 01bb 00000001 00000002 40 18 ffff beef 0007", Verdict.tcpHeaderTooSmall],
  ["header length 24 in 20 bytes", "c350 01bb 00000001 00000002 60 18 ffff beef 0007", Verdict.tcpHeaderTooSmall],
  ["header length 24 in 24 bytes", "c350 01bb 00000001 00000002 60 18 ffff beef 000701010101", Verdict.ok],
] as const)("check: %s", (_case, hex, verdict) => {
  const bytes = view(hex);
  expect(tcp.check(bytes, 0, bytes.byteLength)).toBe(verdict);
});

test("getters", () => {
  const bytes = view("c350 01bb 00000001 00000002 50 18 ffff beef 0007");
  expect([
    tcp.sourcePort(bytes, 0),
    tcp.targetPort(bytes, 0),
    tcp.sequence(bytes, 0),
    tcp.acknowledgement(bytes, 0),
    tcp.headerBytes(bytes, 0),
    tcp.flags(bytes, 0),
    tcp.window(bytes, 0),
    tcp.checksum(bytes, 0),
    tcp.urgentPointer(bytes, 0),
  ]).toEqual([50000, 443, 1, 2, 20, 0x18, 65535, 0xbeef, 7]);
});
