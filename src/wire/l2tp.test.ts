import { expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import { pppAt } from "./l2tp.ts";

test.each([
  ["the shortest header", "0002 0001 0002 ff03", 6],
  ["with a length", "4002 000a 0001 0002 ff03", 8],
  ["with sequence numbers", "0802 0001 0002 0000 0000 ff03", 10],
  ["with an offset", "0202 0001 0002 0002 0000 ff03", 10],
  ["a control message", "c802 000c 0001 0002 0000 0000", -1],
  ["version 3", "0003 0001 0002 ff03", -1],
  ["a length beyond the datagram", "4002 00ff 0001 0002 ff03", -1],
  ["an offset beyond the datagram", "0202 0001 0002 00ff 0000", -1],
  ["nothing inside", "0002 0001 0002", -1],
  ["five bytes", "0002 0001 00", -1],
])("pppAt: %s", (_case, hex, expected) => {
  const bytes = fromHex(hex);
  expect(pppAt(new DataView(bytes.buffer), 0, bytes.length)).toBe(expected);
});
