import { expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import * as ppp from "./ppp.ts";
import { Verdict } from "./verdict.ts";

const view = (hex: string): DataView => new DataView(fromHex(hex).buffer as ArrayBuffer);

test.each([
  ["protocol alone", "0021", Verdict.ok],
  ["compressed protocol", "21", Verdict.ok],
  ["address, control, protocol", "ff030021", Verdict.ok],
  ["nothing", "", Verdict.pppTooSmall],
  ["half a protocol", "00", Verdict.pppTooSmall],
  ["address and control only", "ff03", Verdict.pppTooSmall],
  ["an even protocol", "0020", Verdict.pppWrongType],
] as const)("check: %s", (_case, hex, verdict) => {
  const bytes = view(hex);
  expect(ppp.check(bytes, 0, bytes.byteLength)).toBe(verdict);
});

test.each([
  ["protocol alone", "0021 45", 0x21, 2],
  ["compressed protocol", "57 60", 0x57, 1],
  ["address, control, compressed protocol", "ff03 21 45", 0x21, 3],
  ["link control", "ff03 c021 01", 0xc021, 4],
] as const)("protocol and payload: %s", (_case, hex, protocol, payloadAt) => {
  const bytes = view(hex);
  expect([ppp.protocol(bytes, 0, bytes.byteLength), ppp.payloadAt(bytes, 0, bytes.byteLength)]).toEqual([protocol, payloadAt]);
});
