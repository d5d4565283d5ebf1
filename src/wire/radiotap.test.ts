import { expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import * as radiotap from "./radiotap.ts";
import { Verdict } from "./verdict.ts";

const view = (hex: string): DataView => new DataView(fromHex(hex).buffer as ArrayBuffer);

test.each([
  ["nothing present", "0000 0800 00000000", Verdict.ok],
  ["seven bytes", "0000 0800 000000", Verdict.radiotapMalformed],
  ["version 1", "0100 0800 00000000", Verdict.radiotapMalformed],
  ["length 7", "0000 0700 00000000", Verdict.radiotapMalformed],
  ["length beyond the frame", "0000 0900 00000000", Verdict.radiotapMalformed],
] as const)("check: %s", (_case, hex, verdict) => {
  const bytes = view(hex);
  expect(radiotap.check(bytes, 0, bytes.byteLength)).toBe(verdict);
});

test.each([
  ["no flags", "0000 0800 00000000", false, false],
  ["check sequence", "0000 0900 02000000 10", true, false],
  ["padding", "0000 0900 02000000 20", false, true],
  ["behind the time stamp", "0000 1100 03000000 0000000000000000 30", true, true],
  ["behind a second bitmap and the aligned time stamp", "0000 1900 03000080 00000000 00000000 0000000000000000 10", true, false],
  ["flags that the length leaves out", "0000 0800 02000000", false, false],
] as const)("flags: %s", (_case, hex, fcs, padded) =>
  expect([radiotap.hasFcs(view(hex), 0), radiotap.isPadded(view(hex), 0)]).toEqual([fcs, padded]),
);
