import { expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import * as nullloop from "./nullloop.ts";
import { Verdict } from "./verdict.ts";

const view = (hex: string): DataView => new DataView(fromHex(hex).buffer as ArrayBuffer);

test.each([
  ["IPv4, little-endian", "02000000", Verdict.ok],
  ["IPv4, big-endian", "00000002", Verdict.ok],
  ["IPv6 of macOS", "1e000000", Verdict.ok],
  ["IPv6 of Linux", "0000000a", Verdict.ok],
  ["three bytes", "020000", Verdict.nullTooSmall],
  ["AppleTalk", "10000000", Verdict.nullUnsupportedType],
  ["0", "00000000", Verdict.nullUnsupportedType],
] as const)("check: %s", (_case, hex, verdict) => {
  const bytes = view(hex);
  expect(nullloop.check(bytes, 0, bytes.byteLength)).toBe(verdict);
});

test("getters", () => {
  const bytes = view("1c000000");
  expect([nullloop.ipVersion(bytes, 0)]).toEqual([6]);
});
