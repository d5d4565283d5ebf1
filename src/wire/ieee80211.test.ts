import { expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import * as ieee80211 from "./ieee80211.ts";
import { Verdict } from "./verdict.ts";

const view = (hex: string): DataView => new DataView(fromHex(hex).buffer as ArrayBuffer);

test.each([
  ["a data frame", "080100000000000000000000000000000000000000000000", Verdict.ok],
  ["one byte", "08", Verdict.ieee80211TooSmall],
  ["23 bytes", "0801000000000000000000000000000000000000000000", Verdict.ieee80211TooSmall],
  ["a quality-of-service frame without it", "880100000000000000000000000000000000000000000000", Verdict.ieee80211TooSmall],
  ["version 1", "090100000000000000000000000000000000000000000000", Verdict.ieee80211WrongVersion],
  ["a beacon", "800000000000000000000000000000000000000000000000", Verdict.noData],
  ["a null frame", "480100000000000000000000000000000000000000000000", Verdict.noData],
  ["a protected frame", "084100000000000000000000000000000000000000000000", Verdict.encrypted],
] as const)("check: %s", (_case, hex, verdict) => {
  const bytes = view(hex);
  expect(ieee80211.check(bytes, 0, bytes.byteLength)).toBe(verdict);
});

test.each([
  ["to the access point", "0801", 24],
  ["between access points", "0803", 30],
  ["quality of service", "8801", 26],
  ["quality of service with HT control", "8881", 30],
] as const)("headerBytes: %s", (_case, hex, bytes) => expect(ieee80211.headerBytes(view(hex), 0)).toBe(bytes));
