import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { indexOfLiteral } from "./search.ts";

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));
const lower = (byte: number): number => (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte);

function naive(text: Uint8Array, from: number, to: number, literal: Uint8Array, nocase: boolean): number {
  const same = (a: number, b: number): boolean => a === b || (nocase && lower(a) === lower(b));
  for (let at = from; at + literal.length <= to; at++) if (literal.every((byte, i) => same(byte, text[at + i] as number))) return at;
  return -1;
}

describe("the search for one literal", () => {
  test.each<[string, string, string, boolean, number]>([
    ["at the start", "needle in hay", "needle", false, 0],
    ["at the end", "hay with needle", "needle", false, 9],
    ["case counts", "NEEDLE", "needle", false, -1],
    ["case does not count", "a NeeDLE", "nEEdle", true, 2],
    ["folds letters only", "[{@`", "{[`@", true, -1],
    ["folds no high byte", "\xc9", "\xe9", true, -1],
    ["an empty literal", "abc", "", false, 0],
    ["longer than the text", "abc", "abcd", false, -1],
    ["zeros", "\0\0\0\x01", "\0\x01", false, 2],
  ])("%s", (_case, text, literal, nocase, expected) => {
    expect(indexOfLiteral(bytes(text), 0, text.length, bytes(literal), nocase)).toBe(expected);
  });

  test("nothing beyond `to` is found, and nothing before `from`", () => {
    const text = bytes("needle needle");
    const needle = bytes("needle");
    expect(indexOfLiteral(text, 1, text.length, needle, false)).toBe(7);
    expect(indexOfLiteral(text, 1, text.length - 1, needle, false)).toBe(-1);
  });

  test("any literal in any bytes, short and long", () => {
    const some = fc.oneof(
      fc.string({ unit: fc.constantFrom("a", "b", "A", "B", "z", "\0"), maxLength: 400 }).map(bytes),
      fc.uint8Array({ maxLength: 400 }),
    );
    const literal = fc.oneof(
      fc.string({ unit: fc.constantFrom("a", "b", "B", "z"), maxLength: 5 }).map(bytes),
      fc.uint8Array({ maxLength: 3 }),
    );
    fc.assert(
      fc.property(some, literal, fc.boolean(), fc.nat(30), fc.nat(400), (text, wanted, nocase, low, place) => {
        const whole = Uint8Array.from([...text.subarray(0, place), ...wanted, ...text.subarray(place)]);
        const from = Math.min(low, whole.length);
        const to = Math.max(from, whole.length - (low >> 1));
        expect(indexOfLiteral(whole, from, to, wanted, nocase)).toBe(naive(whole, from, to, wanted, nocase));
      }),
      { numRuns: 1500 },
    );
  });
});
