import { expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import { heartbeatTrouble } from "./records.ts";

const padding = "00".repeat(16);

test.each([
  ["asks for what it brings", `1803020017 01 0004 01020304 ${padding}`, undefined],
  ["asks for more than it brings", "1803020003 01 4000", "OVERFLOW_HEARTBEAT_MESSAGE"],
  ["has too little padding", "1803020007 01 0004 01020304", "INVALID_HEARTBEAT_MESSAGE"],
  ["is neither a request nor an answer", `1803020013 03 0000 ${padding}`, "INVALID_HEARTBEAT_MESSAGE"],
  ["is empty", "1803020000", "INVALID_HEARTBEAT_MESSAGE"],
])("a heartbeat that %s", (_case, hex, trouble) => {
  const bytes = fromHex(hex.replaceAll(" ", ""));
  expect(heartbeatTrouble(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0)).toBe(trouble);
});
