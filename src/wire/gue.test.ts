import { expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import { ipAt } from "./gue.ts";

test.each([
  ["IPv4 as it is", "45000014", 0],
  ["IPv6 as it is", "60000000", 0],
  ["IPv4 behind a header", "00040000 45", 4],
  ["IPv6 behind a header with a word of options", "01290000 00000000 60", 8],
  ["a control message", "20040000 45", -1],
  ["another version inside than named", "00040000 60", -1],
  ["another protocol", "00110000 45", -1],
  ["options beyond the datagram", "1f040000 45", -1],
  ["variant 2", "80040000 45", -1],
  ["three bytes", "450000", -1],
])("ipAt: %s", (_case, hex, expected) => {
  const bytes = fromHex(hex);
  expect(ipAt(new DataView(bytes.buffer), 0, bytes.length)).toBe(expected);
});
