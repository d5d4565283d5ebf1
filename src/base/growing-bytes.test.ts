import { expect, test } from "vitest";
import { GrowingBytes } from "./growing-bytes.ts";

const letters = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const textOf = (bytes: GrowingBytes): string => String.fromCharCode(...bytes.bytes.subarray(0, bytes.length));

test.each([
  ["pieces stand one behind the other", 10, ["abc", "", "def"], "abcdef", false],
  ["what is beyond the limit is passed over", 5, ["abc", "def", "g"], "abcde", true],
  ["a limit that is met exactly", 3, ["abc"], "abc", true],
])("%s", (_case, limit, pieces, text, full) => {
  const bytes = new GrowingBytes(limit);
  for (const piece of pieces) bytes.add(letters(`<${piece}>`), 1, piece.length + 1);
  expect(textOf(bytes)).toBe(text);
  expect(bytes.full).toBe(full);
});

test("a long text grows in steps, and is forgotten", () => {
  const bytes = new GrowingBytes(10_000);
  for (let i = 0; i < 1000; i++) bytes.add(letters("0123456789"), 0, 10);
  expect(textOf(bytes)).toBe("0123456789".repeat(1000));
  bytes.clear();
  bytes.add(letters("x"), 0, 1);
  expect(textOf(bytes)).toBe("x");
});
