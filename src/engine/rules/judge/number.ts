import type { NumberTest, WordTest } from "#engine/rules/signature.ts";
import { haveCommonBit, isEqual } from "./arithmetic.ts";

/** What a word of a transaction may be: one value, or all that it has. */
export type WordValue = number | bigint | string | boolean | readonly WordValue[];

/** Lists inside lists that are looked into; deeper ones are not. */
const nestingMax = 8;

/** True when an unsigned integer fulfils the test. */
export function numberHolds(test: NumberTest, value: number | bigint): boolean {
  switch (test.operator) {
    case "=":
      return isEqual(value, test.value);
    case "!=":
      return !isEqual(value, test.value);
    case "<":
      return value < test.value;
    case "<=":
      return value <= test.value;
    case ">":
      return value > test.value;
    case ">=":
      return value >= test.value;
    case "range":
      return value > test.low && value < test.high;
    case "notRange":
      return value <= test.low || value >= test.high;
    case "&":
      return haveBits(value, test.value);
    case "!&":
      return !haveBits(value, test.value);
    case "masked":
      return isMasked(value, test.mask, test.value);
    case "notMasked":
      return !isMasked(value, test.mask, test.value);
    default:
      return hasAllBits(value, test.value);
  }
}

/**
 * True when the value of the word fulfils the test. Of a list one value is enough, unless `which` says otherwise, and the
 * negation is of the whole: none fulfils it. A word without a value (`undefined`, an empty list) fulfils nothing, negated or
 * not, but for a `which` that speaks of it. Texts are compared as they stand; the flag of a word without numbers is a
 * boolean, which counts as 1 or 0.
 */
export function wordHolds(word: WordTest, value: WordValue | undefined): boolean {
  const { which = "any" } = word;
  if (which !== "any") return chosenHold(word, which, listOf(value));
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return false;
  return some(word.test, value, 0) !== word.negated;
}

function listOf(value: WordValue | undefined): readonly WordValue[] {
  if (value === undefined) return [];
  return typeof value === "object" ? value : [value];
}

function chosenHold(word: WordTest, which: NonNullable<WordTest["which"]>, values: readonly WordValue[]): boolean {
  const holds = (one: WordValue): boolean => some(word.test, one, 0) !== word.negated;
  if (which === "all") return values.every(holds);
  if (which === "all1") return values.length > 0 && values.every(holds);
  if (typeof which === "string") return values.length === 0 || some(word.test, values, 0) !== word.negated;
  if ("count" in which) return numberHolds(which.count, values.filter(holds).length);
  const one = values.at(which.index);
  return one !== undefined && holds(one);
}

function some(test: WordTest["test"], value: WordValue, depth: number): boolean {
  if (typeof value === "object") {
    if (depth === nestingMax) return false;
    for (const one of value) if (some(test, one, depth + 1)) return true;
    return false;
  }
  if (test.operator === "text") return test.values.length === 0 ? isTrue(value) : test.values.includes(String(value));
  if (test.operator === "own") return test.holds(value);
  const number = typeof value === "string" || typeof value === "boolean" ? Number(value) : value;
  if (value === "" || Number.isNaN(number)) return false;
  if (test.operator === "ranges") return test.ranges.some(([low, high]) => number >= low && number <= high);
  return numberHolds(test, number);
}

/** What a word without a value says of a message. */
const isTrue = (value: number | bigint | string | boolean): boolean => value === true || Number(value) > 0;

const isInteger = (value: number | bigint): boolean => typeof value === "bigint" || Number.isInteger(value);

function haveBits(value: number | bigint, mask: number | bigint): boolean {
  return isInteger(value) && isInteger(mask) && haveCommonBit(value, mask);
}

function isMasked(value: number | bigint, mask: number | bigint, wanted: number | bigint): boolean {
  return isInteger(value) && (BigInt(value) & BigInt(mask)) === BigInt(wanted);
}

function hasAllBits(value: number | bigint, mask: number | bigint): boolean {
  if (!isInteger(value) || !isInteger(mask)) return false;
  return (BigInt(value) & BigInt(mask)) === BigInt(mask);
}
