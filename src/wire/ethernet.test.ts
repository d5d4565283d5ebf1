import { expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import * as ethernet from "./ethernet.ts";
import { Verdict } from "./verdict.ts";

const view = (hex: string): DataView => new DataView(fromHex(hex).buffer as ArrayBuffer);

test.each([
  ["14 bytes are a header", "ffffffffffff 001122334455 0800", Verdict.ok],
  ["13 bytes are too few", "ffffffffffff 001122334455 08", Verdict.ethernetTooSmall],
  ["nothing at all", "", Verdict.ethernetTooSmall],
] as const)("check: %s", (_case, hex, verdict) => {
  const bytes = view(hex);
  expect(ethernet.check(bytes, 0, bytes.byteLength)).toBe(verdict);
});

test("getters", () => {
  const bytes = view("ffffffffffff 001122334455 86dd");
  expect([
    ethernet.type(bytes, 0),
    ethernet.destinationAt(10),
    ethernet.sourceAt(10),
    ethernet.isVlanTag(0x88a8),
    ethernet.isVlanTag(0x0800),
  ]).toEqual([0x86dd, 10, 16, true, false]);
});
