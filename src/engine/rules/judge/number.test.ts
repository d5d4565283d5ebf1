import { expect, test } from "vitest";
import type { NumberTest } from "#engine/rules/signature.ts";
import { numberHolds, type WordValue, wordHolds } from "./number.ts";

test.each<[string, NumberTest, number | bigint, boolean]>([
  ["equal", { operator: "=", value: 3 }, 3n, true],
  ["unequal", { operator: "!=", value: 3 }, 3, false],
  ["less", { operator: "<", value: 2n ** 63n }, 2 ** 62, true],
  ["at most", { operator: "<=", value: 3 }, 3, true],
  ["more", { operator: ">", value: 3 }, 3, false],
  ["at least", { operator: ">=", value: 3 }, 3, true],
  ["a range is without its ends", { operator: "range", low: 3, high: 6 }, 3, false],
  ["within a range", { operator: "range", low: 3, high: 6 }, 4, true],
  ["outside of a range, its ends included", { operator: "notRange", low: 3, high: 6 }, 6, true],
  ["any bit", { operator: "&", value: 6 }, 2, true],
  ["no bit", { operator: "!&", value: 6 }, 8, true],
  ["all bits", { operator: "all", value: 6 }, 2, false],
  ["all bits of 64", { operator: "all", value: 2n ** 40n }, 2 ** 40 + 1, true],
])("%s", (_case, numberTest, value, expected) => expect(numberHolds(numberTest, value)).toBe(expected));

const equal = (value: number): NumberTest => ({ operator: "=", value });
const text = (...values: string[]) => ({ operator: "text", values }) as const;

test.each<[string, Parameters<typeof wordHolds>[0]["test"], boolean, WordValue | undefined, boolean]>([
  ["one of several numbers", equal(3), false, [1, 3], true],
  ["none of several numbers", equal(3), true, [1, 2], true],
  ["negated: one of them is enough to fail", equal(3), true, [1, 3], false],
  ["no value fulfils nothing", equal(3), true, undefined, false],
  ["an empty list fulfils nothing", equal(3), true, [], false],
  ["a text", text("a", "b"), false, "b", true],
  ["a text of a list", text("a", "b"), false, ["x", "a"], true],
  ["a flag", equal(1), false, true, true],
  ["a number as text", equal(12), false, "12", true],
  ["no number at all", equal(0), false, "", false],
])("word: %s", (_case, wordTest, negated, value, expected) =>
  expect(wordHolds({ word: "x", negated, test: wordTest }, value)).toBe(expected),
);

test.each<[string, Parameters<typeof wordHolds>[0]["which"], WordValue | undefined, boolean]>([
  ["all do", "all", [3, 3], true],
  ["not all do", "all", [3, 4], false],
  ["all of none", "all", undefined, true],
  ["all of none, and one at least", "all1", undefined, false],
  ["none is there", "or_absent", undefined, true],
  ["one does", "or_absent", [4, 3], true],
  ["the first", { index: 0 }, [3, 4], true],
  ["the last", { index: -1 }, [3, 4], false],
  ["beyond the last", { index: 2 }, [3, 3], false],
  ["so many", { count: { operator: "=", value: 2 } }, [3, 4, 3], true],
  ["not any", { count: { operator: "=", value: 0 } }, undefined, true],
])("of several: %s", (_case, which, value, expected) => {
  expect(wordHolds({ word: "x", negated: false, test: equal(3), ...(which === undefined ? {} : { which }) }, value)).toBe(expected);
});
