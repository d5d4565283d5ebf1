import { describe, expect, test } from "vitest";
import { keyHash, textKey, wordsKey } from "./key.ts";

const distinct = (count: number, of: (i: number) => number): number => new Set(Array.from({ length: count }, (_, i) => of(i))).size;

describe("keys", () => {
  test.each([
    ["small numbers", (i: number): number => keyHash(i, 9)],
    ["signed words", (i: number): number => keyHash(-1 - i, 9)],
    ["IPv6 addresses of one network", (i: number): number => wordsKey(0x20010db8, 0, 0, i)],
    ["IPv6 networks", (i: number): number => wordsKey(0x20010db8, i, 0, 1)],
    ["names", (i: number): number => textKey(`host-${i}.example`)],
  ])("20,000 %s stay distinct", (_case, of) => expect(distinct(20_000, of)).toBe(20_000));

  test("keys above 32 bits share a hash no more often than chance", () => {
    expect(distinct(20_000, (i) => keyHash(i * 4_294_967_296 + 5, 1))).toBeGreaterThan(19_995);
  });

  test("a folded key is a whole number within 53 bits", () => {
    for (const key of [wordsKey(-1, -1, -1, -1), wordsKey(0, 0, 0, 0), textKey(""), textKey("a")]) {
      expect(Number.isSafeInteger(key) && key >= 0).toBe(true);
    }
  });

  test("a seed changes everything", () => {
    expect([keyHash(1, 1) === keyHash(1, 2), wordsKey(1, 2, 3, 4, 1) === wordsKey(1, 2, 3, 4, 2)]).toEqual([false, false]);
    expect(textKey("a", 1)).not.toBe(textKey("a", 2));
  });
});
