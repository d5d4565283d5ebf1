import { expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import * as gre from "./gre.ts";
import { Verdict } from "./verdict.ts";

const view = (hex: string): DataView => new DataView(fromHex(hex).buffer as ArrayBuffer);

test.each([
  ["version 0", "0000 0800", Verdict.ok],
  ["three bytes", "0000 08", Verdict.greTooSmall],
  ["version 2", "0002 0800", Verdict.greWrongVersion],
  ["recursion control", "0100 0800", Verdict.greVersion0Recursion],
  ["reserved flags", "0008 0800", Verdict.greVersion0Flags],
  ["a key that is not there", "2000 0800 0000", Verdict.greVersion0HeaderTooBig],
  ["a route that ends", "4000 0800 0000 0000 0002 00 04 01020304 0000 00 00", Verdict.ok],
  ["a route without end", "4000 0800 0000 0000 0002 00 04 01020304", Verdict.greVersion0HeaderTooBig],
  ["PPTP", "3081 880b 0004 0001 00000001 00000002", Verdict.ok],
  ["PPTP with a checksum", "b001 880b 0004 0001", Verdict.greVersion1Checksum],
  ["PPTP with routing", "7001 880b 0004 0001", Verdict.greVersion1Routing],
  ["PPTP with strict route", "2801 880b 0004 0001", Verdict.greVersion1StrictRoute],
  ["PPTP with recursion", "2101 880b 0004 0001", Verdict.greVersion1Recursion],
  ["PPTP with reserved flags", "2009 880b 0004 0001", Verdict.greVersion1Flags],
  ["PPTP without key", "0001 880b", Verdict.greVersion1NoKey],
  ["PPTP with IPv4", "2001 0800 0004 0001", Verdict.greVersion1WrongProtocol],
  ["PPTP whose numbers are not there", "3001 880b 0004 0001", Verdict.greVersion1HeaderTooBig],
] as const)("check: %s", (_case, hex, verdict) => {
  const bytes = view(hex);
  expect(gre.check(bytes, 0, bytes.byteLength)).toBe(verdict);
});

test("parts of a header with everything", () => {
  const bytes = view("b000 6558 dead 0000 00abcdef 00000001");
  expect([
    gre.headerBytes(bytes, 0, 16),
    gre.key(bytes, 0),
    gre.protocol(bytes, 0),
    gre.version(bytes, 0),
    gre.hasSequence(bytes, 0),
  ]).toEqual([16, 0xabcdef, 0x6558, 0, true]);
  expect(gre.key(view("0000 0800"), 0)).toBe(0);
});
