import { expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import * as capwap from "./capwap.ts";

test.each([
  ["an Ethernet frame", "00100200 00000000 ff", 8],
  ["an 802.11 frame behind radio information", "00200310 00000000 0000000000000000 ff", 16],
  ["encrypted", "01000000 00000000 ff", -1],
  ["a fragment", "00100280 00000000 ff", -1],
  ["a header shorter than its fixed part", "00080200 00000000 ff", -1],
  ["a header longer than the datagram", "00400200 00000000 ff", -1],
  ["another wireless binding", "00100600 00000000 ff", -1],
  ["seven bytes", "00100200 000000", -1],
])("payloadAt: %s", (_case, hex, expected) => {
  const bytes = fromHex(hex);
  expect(capwap.payloadAt(new DataView(bytes.buffer), 0, bytes.length)).toBe(expected);
});

const native = (hex: string): boolean => capwap.isNative(new DataView(fromHex(hex).buffer as ArrayBuffer), 0);
test("isNative", () => {
  expect([native("00200310"), native("00100200")]).toEqual([true, false]);
});
