import { expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import * as sll2 from "./sll2.ts";
import { Verdict } from "./verdict.ts";

const view = (hex: string): DataView => new DataView(fromHex(hex).buffer as ArrayBuffer);

test.each([
  ["20 bytes", "86dd 0000 00000002 0304 00 06 0011223344550000", Verdict.ok],
  ["19 bytes", "86dd 0000 00000002 0304 00 06 00112233445500", Verdict.sll2TooSmall],
] as const)("check: %s", (_case, hex, verdict) => {
  const bytes = view(hex);
  expect(sll2.check(bytes, 0, bytes.byteLength)).toBe(verdict);
});

test("getters", () => {
  const bytes = view("86dd 0000 00000002 0304 00 06 0011223344550000");
  expect([sll2.protocol(bytes, 0), sll2.interfaceIndex(bytes, 0), sll2.hardware(bytes, 0)]).toEqual([0x86dd, 2, 772]);
});
