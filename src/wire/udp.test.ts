import { expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import * as udp from "./udp.ts";
import { Verdict } from "./verdict.ts";

const view = (hex: string): DataView => new DataView(fromHex(hex).buffer as ArrayBuffer);

test.each([
  ["an empty datagram", "bf00 0035 0008 0000", Verdict.ok],
  ["seven bytes", "bf00 0035 0008 00", Verdict.udpHeaderTooSmall],
  ["length 7", "bf00 0035 0007 0000", Verdict.udpLengthInvalid],
  ["length 0", "bf00 0035 0000 0000", Verdict.udpLengthInvalid],
  ["length 12 in 8 bytes", "bf00 0035 000c 0000", Verdict.udpTooSmall],
  ["length 8 in 12 bytes", "bf00 0035 0008 0000 00000000", Verdict.ok],
] as const)("check: %s", (_case, hex, verdict) => {
  const bytes = view(hex);
  expect(udp.check(bytes, 0, bytes.byteLength)).toBe(verdict);
});

test.each([
  ["coverage 0 is all", "bf00 0035 0000 1234", Verdict.ok],
  ["coverage of the header", "bf00 0035 0008 1234", Verdict.ok],
  ["coverage 7", "bf00 0035 0007 1234", Verdict.udpLiteCoverageInvalid],
  ["coverage of more than there is", "bf00 0035 0009 1234", Verdict.udpLiteCoverageInvalid],
  ["seven bytes", "bf00 0035 0007 12", Verdict.udpHeaderTooSmall],
] as const)("checkLite: %s", (_case, hex, verdict) => {
  const bytes = view(hex);
  expect(udp.checkLite(bytes, 0, bytes.byteLength)).toBe(verdict);
});

test("getters", () => {
  const bytes = view("bf00 0035 000c 1234");
  expect([udp.sourcePort(bytes, 0), udp.targetPort(bytes, 0), udp.length(bytes, 0), udp.checksum(bytes, 0)]).toEqual([
    48896, 53, 12, 0x1234,
  ]);
});
