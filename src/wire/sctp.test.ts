import { expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import * as sctp from "./sctp.ts";
import { Verdict } from "./verdict.ts";

const view = (hex: string): DataView => new DataView(fromHex(hex).buffer as ArrayBuffer);

test.each([
  ["twelve bytes", "0b59 0b5a 00000e50 53c3052f", Verdict.ok],
  ["eleven", "0b59 0b5a 00000e50 53c305", Verdict.sctpTooSmall],
] as const)("check: %s", (_case, hex, verdict) => {
  const bytes = view(hex);
  expect(sctp.check(bytes, 0, bytes.byteLength)).toBe(verdict);
});

test("getters", () => {
  const bytes = view("0b59 0b5a 00000e50 53c3052f");
  expect([
    sctp.sourcePort(bytes, 0),
    sctp.targetPort(bytes, 0),
    sctp.verificationTag(bytes, 0),
    sctp.checksum(bytes, 0),
    sctp.checksumAt(4),
  ]).toEqual([2905, 2906, 0xe50, 0x2f05c353, 12]);
});
