import { expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import * as pppoe from "./pppoe.ts";
import { Verdict } from "./verdict.ts";

const view = (hex: string): DataView => new DataView(fromHex(hex).buffer as ArrayBuffer);

test.each([
  ["a session", "11 00 0001 0002 0021", Verdict.ok],
  ["five bytes", "1100000100", Verdict.pppoeTooSmall],
  ["version 2", "21 00 0001 0002", Verdict.pppoeWrongVersion],
  ["a discovery code", "11 09 0001 0002", Verdict.pppoeWrongCode],
] as const)("check: %s", (_case, hex, verdict) => {
  const bytes = view(hex);
  expect(pppoe.check(bytes, 0, bytes.byteLength)).toBe(verdict);
});

test.each([
  ["PADI with a service name", "11 09 0000 0004 01010000", Verdict.ok],
  ["end of list", "11 09 0000 0008 00000000 ffffffff", Verdict.ok],
  ["a tag of more than the message", "11 09 0000 0004 01010001", Verdict.pppoeMalformedTags],
  ["code 1", "11 01 0000 0000", Verdict.pppoeWrongCode],
  ["a message of more than the frame", "11 09 0000 0005 01010000", Verdict.pppoeTooSmall],
  ["version 0", "01 09 0000 0000", Verdict.pppoeWrongVersion],
  ["five bytes", "1109000000", Verdict.pppoeTooSmall],
] as const)("checkDiscovery: %s", (_case, hex, verdict) => {
  const bytes = view(hex);
  expect(pppoe.checkDiscovery(bytes, 0, bytes.byteLength)).toBe(verdict);
});

test("getters", () => {
  const bytes = view("11 00 1234 0040");
  expect([pppoe.session(bytes, 0), pppoe.payloadBytes(bytes, 0)]).toEqual([0x1234, 64]);
});
