import { expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { Copies } from "./copies.ts";

test("copies hold what was there, whatever becomes of the bytes and of the next copies", () => {
  const random = new Random(5);
  const copies = new Copies();
  const borrowed = new Uint8Array(40_000);
  const kept = Array.from({ length: 400 }, (_, i) => {
    const length = random.chance(0.1) ? random.between(10_000, borrowed.length) : random.between(0, 300);
    const bytes = borrowed.subarray(0, length).fill(i % 251);
    return { value: i % 251, length, copy: copies.of(bytes) };
  });
  borrowed.fill(255);
  for (const { value, length, copy } of kept) {
    expect(copy.length).toBe(length);
    expect(copy.every((byte) => byte === value)).toBe(true);
  }
});
