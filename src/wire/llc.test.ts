import { expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import * as llc from "./llc.ts";
import { Verdict } from "./verdict.ts";

const view = (hex: string): DataView => new DataView(fromHex(hex).buffer as ArrayBuffer);

test.each([
  ["SNAP", "aaaa03 000000 0800", Verdict.ok],
  ["SNAP of seven bytes", "aaaa03 000000 08", Verdict.llcTooSmall],
  ["spanning tree", "424203", Verdict.ok],
  ["two bytes", "4242", Verdict.llcTooSmall],
] as const)("check: %s", (_case, hex, verdict) => {
  const bytes = view(hex);
  expect(llc.check(bytes, 0, bytes.byteLength)).toBe(verdict);
});

test.each([
  ["SNAP", "aaaa03 000000 86dd", 0x86dd, 8],
  ["bridge tunnel", "aaaa03 0000f8 0800", 0x0800, 8],
  ["Cisco's own", "aaaa03 00000c 2000", 0, 8],
  ["IP's service point", "060603", 0x0800, 3],
  ["spanning tree", "424203", 0, 3],
] as const)("etherType: %s", (_case, hex, type, bytes) =>
  expect([llc.etherType(view(hex), 0), llc.headerBytes(view(hex), 0)]).toEqual([type, bytes]),
);
