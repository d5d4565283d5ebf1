import { expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import * as tcpOptions from "./tcp-options.ts";
import { Verdict } from "./verdict.ts";

const view = (hex: string): DataView => new DataView(fromHex(hex).buffer as ArrayBuffer);

const FIXED = "c350 01bb 00000001 00000000";
const header = (options: string): DataView => {
  const bytes = fromHex(options).length;
  return view(`${FIXED} ${((20 + bytes) / 4).toString(16)}0 02 ffff 0000 0000 ${options}`);
};

test.each([
  ["no options", "", Verdict.ok],
  ["the usual time stamps", "0101080a 00000001 00000002", Verdict.ok],
  ["what Linux sends in a SYN", "020405b4 0402 080a 00000001 00000000 01 030307", Verdict.ok],
  ["a SACK of one block", "0101 050a 00000001 00000002", Verdict.ok],
  ["a SACK of half a block", "0506 00000001 0101", Verdict.tcpOptionInvalidLength],
  ["MSS of length 3", "020305b4", Verdict.tcpOptionInvalidLength],
  ["a length of 0", "fd000101", Verdict.tcpOptionInvalidLength],
  ["a length behind the header", "fd080101", Verdict.tcpOptionInvalidLength],
  ["a kind without a length", "010101fd", Verdict.tcpOptionInvalidLength],
  ["MSS twice", "020405b4 020405b4", Verdict.tcpOptionDuplicate],
  ["bytes behind the end are not looked at", "00ff00ff", Verdict.ok],
] as const)("checkOptions: %s", (_case, hex, verdict) => expect(tcpOptions.checkOptions(header(hex), 0)).toBe(verdict));

test("values of a SYN", () => {
  const syn = header("020405b4 0402 080a 00000005 00000000 01 030320");
  expect([tcpOptions.maximumSegmentBytes(syn, 0), tcpOptions.windowScale(syn, 0), tcpOptions.sackPermitted(syn, 0)]).toEqual([
    1460,
    14,
    true,
  ]);
  const stamps = tcpOptions.timestampsAt(syn, 0);
  expect([tcpOptions.timestampValue(syn, stamps), tcpOptions.timestampEcho(syn, stamps)]).toEqual([5, 0]);
});

test("absent and broken options answer -1", () => {
  for (const hex of ["", "01010101", "02ff05b4", "010101fd", "020305b4"]) {
    const bytes = header(hex);
    expect([tcpOptions.maximumSegmentBytes(bytes, 0), tcpOptions.windowScale(bytes, 0), tcpOptions.timestampsAt(bytes, 0)]).toEqual([
      -1, -1, -1,
    ]);
  }
});
