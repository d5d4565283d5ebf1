import { expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import * as tzsp from "./tzsp.ts";

test.each([
  ["no tags", "01000001 01 ff", 5],
  ["padding and a tag", "01000001 00 0a01c4 01 ff", 9],
  ["version 2", "02000001 01 ff", -1],
  ["a message without a frame", "01040001 01 ff", -1],
  ["no end of the tags", "01000001 0a01c4", -1],
  ["a tag that goes on behind the datagram", "01000001 0aff", -1],
  ["a tag without length", "01000001 0a", -1],
  ["nothing behind the tags", "01000001 01", -1],
  ["three bytes", "010000", -1],
])("frameAt: %s", (_case, hex, expected) => {
  const bytes = fromHex(hex);
  expect(tzsp.frameAt(new DataView(bytes.buffer), 0, bytes.length)).toBe(expected);
});

test("protocol", () => expect(tzsp.protocol(new DataView(fromHex("01000012").buffer as ArrayBuffer), 0)).toBe(tzsp.TzspProtocol.ieee80211));
