import { expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import * as erspan from "./erspan.ts";
import { Verdict } from "./verdict.ts";

const view = (hex: string): DataView => new DataView(fromHex(hex).buffer as ArrayBuffer);

test.each([
  ["type II", "1017 0001 00000000", Verdict.ok],
  ["seven bytes", "1017 0001 000000", Verdict.erspanTooSmall],
  ["version 3", "3017 0001 00000000", Verdict.erspanUnsupportedVersion],
  ["type III", "2017 0001 00000000 0000 0000", Verdict.ok],
  ["type III whose platform header is cut", "2017 0001 00000000 0000 0001", Verdict.erspanTooSmall],
] as const)("check: %s", (_case, hex, verdict) => {
  const bytes = view(hex);
  expect(erspan.check(bytes, 0, bytes.byteLength)).toBe(verdict);
});

test("getters", () => {
  const bytes = view("1017 0405 00000000");
  expect([erspan.vlan(bytes, 0), erspan.session(bytes, 0), erspan.headerBytes(bytes, 0)]).toEqual([23, 5, 8]);
});
