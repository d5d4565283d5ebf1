import { expect, test } from "vitest";
import { WindowMemory } from "./window-memory.ts";

test.each([
  ["little", 1, 512],
  ["just as much", 512, 512],
  ["a byte more", 513, 1024],
  ["much", 100_000, 131_072],
])("as much as is asked for, and a power of two: %s", (_case, asked, given) => {
  expect(new WindowMemory().take(asked).length).toBe(given);
});

test("what is given back is taken again, unless it is large", () => {
  const memory = new WindowMemory();
  const small = memory.take(600);
  const large = memory.take(40_000);
  memory.give(small);
  memory.give(large);
  memory.give(new Uint8Array(0));
  expect(memory.take(1024)).toBe(small);
  expect(memory.take(1024)).not.toBe(small);
  expect(memory.take(40_000)).not.toBe(large);
});

test("no more than two megabytes wait", () => {
  const memory = new WindowMemory();
  const taken = Array.from({ length: 200 }, () => memory.take(16_384));
  for (const bytes of taken) memory.give(bytes);
  const again = new Set(Array.from({ length: 200 }, () => memory.take(16_384)));
  expect(taken.filter((bytes) => again.has(bytes)).length).toBe(128);
});
