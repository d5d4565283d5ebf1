import { expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import * as sll from "./sll.ts";
import { Verdict } from "./verdict.ts";

const view = (hex: string): DataView => new DataView(fromHex(hex).buffer as ArrayBuffer);

test.each([
  ["16 bytes", "0000 0001 0006 0011223344550000 0800", Verdict.ok],
  ["15 bytes", "0000 0001 0006 0011223344550000 08", Verdict.sllTooSmall],
] as const)("check: %s", (_case, hex, verdict) => {
  const bytes = view(hex);
  expect(sll.check(bytes, 0, bytes.byteLength)).toBe(verdict);
});

test("getters", () => {
  const bytes = view("0000 0001 0006 0011223344550000 0800");
  expect([sll.protocol(bytes, 0), sll.hardware(bytes, 0)]).toEqual([0x0800, 1]);
});
