import { expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import * as ipv6 from "./ipv6.ts";
import { Verdict } from "./verdict.ts";

const view = (hex: string): DataView => new DataView(fromHex(hex).buffer as ArrayBuffer);

test.each([
  ["40 bytes", "6012 3456 0008 11 40 20010db8000000000000000000000001 20010db8000000000000000000000002", Verdict.ok],
  ["39 bytes", "6012 3456 0008 11 40 20010db8000000000000000000000001 20010db80000000000000000000000", Verdict.ipv6TooSmall],
  ["version 4", "4012 3456 0008 11 40 20010db8000000000000000000000001 20010db8000000000000000000000002", Verdict.ipv6WrongVersion],
] as const)("check: %s", (_case, hex, verdict) => {
  const bytes = view(hex);
  expect(ipv6.check(bytes, 0, bytes.byteLength)).toBe(verdict);
});

test("getters", () => {
  const bytes = view("6012 3456 0008 11 40 20010db8000000000000000000000001 20010db8000000000000000000000002");
  expect([
    ipv6.version(bytes, 0),
    ipv6.trafficClass(bytes, 0),
    ipv6.flowLabel(bytes, 0),
    ipv6.payloadBytes(bytes, 0),
    ipv6.nextHeader(bytes, 0),
    ipv6.hopLimit(bytes, 0),
    ipv6.sourceWord(bytes, 0, 0),
    ipv6.sourceWord(bytes, 0, 3),
    ipv6.targetWord(bytes, 0, 3),
  ]).toEqual([6, 1, 0x23456, 8, 17, 64, 0x20010db8, 1, 2]);
});
