import { expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import * as vxlan from "./vxlan.ts";

const view = (hex: string): DataView => new DataView(fromHex(hex).buffer as ArrayBuffer);

test.each([
  ["a header", "0800000000007b00", true],
  ["reserved fields are not looked at", "8812345600007bff", true],
  ["no VNI", "0000000000007b00", false],
  ["seven bytes", "0800000000007b", false],
] as const)("matches: %s", (_case, hex, answer) => expect(vxlan.matches(view(hex), 0, view(hex).byteLength)).toBe(answer));

test.each([
  ["IPv4 inside", "0c00000100007b00", true],
  ["no next protocol", "0800000000007b00", false],
  ["version 1", "1c00000100007b00", false],
] as const)("matchesGpe: %s", (_case, hex, answer) => expect(vxlan.matchesGpe(view(hex), 0, 8)).toBe(answer));

test("getters", () => {
  const bytes = view("0c00000300007b00");
  expect([vxlan.vni(bytes, 0), vxlan.nextProtocol(bytes, 0)]).toEqual([123, 3]);
});
