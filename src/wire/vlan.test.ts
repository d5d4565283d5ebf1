import { expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import { Verdict } from "./verdict.ts";
import * as vlan from "./vlan.ts";

const view = (hex: string): DataView => new DataView(fromHex(hex).buffer as ArrayBuffer);

test.each([
  ["four bytes are a tag", "60640800", Verdict.ok],
  ["three are not", "606408", Verdict.vlanTooSmall],
] as const)("check: %s", (_case, hex, verdict) => {
  const bytes = view(hex);
  expect(vlan.check(bytes, 0, bytes.byteLength)).toBe(verdict);
});

test("getters", () => {
  const bytes = view("60640800");
  expect([vlan.id(bytes, 0), vlan.priority(bytes, 0), vlan.type(bytes, 0)]).toEqual([100, 3, 0x0800]);
});
