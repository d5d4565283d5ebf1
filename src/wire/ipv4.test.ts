import { expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import * as ipv4 from "./ipv4.ts";
import { Verdict } from "./verdict.ts";

const view = (hex: string): DataView => new DataView(fromHex(hex).buffer as ArrayBuffer);

test.each([
  ["a header without options", "4500 0014 1c46 4000 40 06 b1e6 ac100a63 ac100a0c", Verdict.ok],
  ["19 bytes", "4500 0014 1c46 4000 40 06 b1e6 ac100a63 ac100a", Verdict.ipv4TooSmall],
  ["version 6", "6500 0014 1c46 4000 40 06 b1e6 ac100a63 ac100a0c", Verdict.ipv4WrongVersion],
  ["header length 16", "4400 0014 1c46 4000 40 06 b1e6 ac100a63 ac100a0c", Verdict.ipv4HeaderTooSmall],
  ["total length 19", "4500 0013 1c46 4000 40 06 b1e6 ac100a63 ac100a0c", Verdict.ipv4LengthSmallerThanHeader],
  ["total length 0 is left to the card", "4500 0000 1c46 4000 40 06 b1e6 ac100a63 ac100a0c", Verdict.ok],
  ["a header of 24 bytes of which 20 are there", "4600 0018 1c46 4000 40 06 b1e6 ac100a63 ac100a0c", Verdict.ipv4Truncated],
  [
    "options that the total length leaves out",
    "4600 0014 1c46 4000 40 06 b1e6 ac100a63 ac100a0c01010101",
    Verdict.ipv4LengthSmallerThanHeader,
  ],
] as const)("check: %s", (_case, hex, verdict) => {
  const bytes = view(hex);
  expect(ipv4.check(bytes, 0, bytes.byteLength)).toBe(verdict);
});

test("getters", () => {
  const bytes = view("45b8 0054 1c46 2003 40 06 b1e6 ac100a63 ac100a0c");
  expect([
    ipv4.version(bytes, 0),
    ipv4.headerBytes(bytes, 0),
    ipv4.trafficClass(bytes, 0),
    ipv4.totalBytes(bytes, 0),
    ipv4.identification(bytes, 0),
    ipv4.dontFragment(bytes, 0),
    ipv4.moreFragments(bytes, 0),
    ipv4.fragmentOffset(bytes, 0),
    ipv4.isFragment(bytes, 0),
    ipv4.ttl(bytes, 0),
    ipv4.protocol(bytes, 0),
    ipv4.checksum(bytes, 0),
    ipv4.source(bytes, 0),
    ipv4.target(bytes, 0),
  ]).toEqual([4, 20, 0xb8, 84, 0x1c46, false, true, 24, true, 64, 6, 0xb1e6, 0xac100a63 | 0, 0xac100a0c | 0]);
});

test.each([
  ["padding only", "01010100", Verdict.ok],
  ["nothing", "", Verdict.ok],
  ["bytes behind the end are not looked at", "00ffffff", Verdict.ok],
  ["router alert", "94040000", Verdict.ok],
  ["router alert of length 3", "940300 00", Verdict.ipv4OptionMalformed],
  ["record route with room for one address", "0707 04 00000000 00", Verdict.ok],
  ["record route with half an address", "0705 04 0000 010101", Verdict.ipv4OptionMalformed],
  ["a length of 1", "8301 0000", Verdict.ipv4OptionInvalidLength],
  ["a length behind the header", "8308 0400", Verdict.ipv4OptionInvalidLength],
  ["a type without a length", "01010107", Verdict.ipv4OptionInvalidLength],
  ["an option that nobody knows", "1e04 0000", Verdict.ipv4OptionUnknown],
  ["router alert twice", "94040000 94040000", Verdict.ipv4OptionDuplicate],
] as const)("checkOptions: %s", (_case, hex, verdict) => {
  const bytes = view(hex);
  expect(ipv4.checkOptions(bytes, 0, bytes.byteLength)).toBe(verdict);
});
