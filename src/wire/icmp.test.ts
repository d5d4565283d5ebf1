import { expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import * as icmp from "./icmp.ts";
import { Verdict } from "./verdict.ts";

const view = (hex: string): DataView => new DataView(fromHex(hex).buffer as ArrayBuffer);

test.each([
  ["eight bytes", "0800 0000 0001 0002", Verdict.ok],
  ["seven", "0800 0000 0001 00", Verdict.icmpTooSmall],
] as const)("check: %s", (_case, hex, verdict) => {
  const bytes = view(hex);
  expect(icmp.check(bytes, 0, bytes.byteLength)).toBe(verdict);
});

test("getters", () => {
  const bytes = view("0800 1234 0001 0002");
  expect([
    icmp.type(bytes, 0),
    icmp.code(bytes, 0),
    icmp.checksum(bytes, 0),
    icmp.identifier(bytes, 0),
    icmp.sequence(bytes, 0),
    icmp.isError(3),
    icmp.isError(8),
  ]).toEqual([8, 0, 0x1234, 1, 2, true, false]);
});

test.each([
  ["echo", "0800 0000 0001 0002", Verdict.ok],
  ["echo with code 1", "0801 0000 0001 0002", Verdict.icmpUnknownCode],
  ["type 1", "0100 0000 0000 0000", Verdict.icmpUnknownType],
  ["type 200", "c800 0000 0000 0000", Verdict.icmpUnknownType],
  ["unreachable that quotes a header", "0303 0000 0000 0000 4500 0014 1c46 4000 40 06 b1e6 ac100a63 ac100a0c", Verdict.ok],
  ["unreachable that quotes 8 bytes", "0303 0000 0000 0000 4500001400000000", Verdict.icmpQuoteTruncated],
  ["unreachable that quotes IPv6", "0303 0000 0000 0000 6500 0014 1c46 4000 40 06 b1e6 ac100a63 ac100a0c", Verdict.icmpQuoteWrongVersion],
] as const)("checkMessage: %s", (_case, hex, verdict) => {
  const bytes = view(hex);
  expect(icmp.checkMessage(bytes, 0, bytes.byteLength)).toBe(verdict);
});
