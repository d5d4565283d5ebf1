import { expect, test } from "vitest";
import type { ByteTest } from "#engine/rules/signature.ts";
import { BufferJudge, inspectionStepsMax } from "./buffer.ts";
import { Scratch } from "./scratch.ts";
import { binary, byteExtract, byteJump, byteMath, bytesOf, byteTest, content, isDataAt, pattern, testsOf } from "./testing.ts";

const judge = new BufferJudge();

function holds(tests: readonly ByteTest[], text: string, scratch = new Scratch()): boolean {
  scratch.beginRule();
  // Bytes around it show that nothing beyond the borders is read.
  const padded = bytesOf(`abcabc\0${text}abcabc\0`);
  return judge.match(testsOf(tests), padded, 7, 7 + text.length, scratch);
}

const variable = (name: string): { variable: string } => ({ variable: name });

// Each row was also put to Suricata 7.0.10, which answers the same.
test.each<[string, readonly ByteTest[], string, boolean]>([
  ["a literal anywhere", [content("lo")], "hello", true],
  ["a literal beyond the end", [content("ab")], "xa", false],
  ["case is folded", [content("HeL", { nocase: true })], "xhELlo", true],
  ["offset is where the search begins", [content("a", { offset: 1 })], "abc", false],
  ["depth counts from offset", [content("c", { offset: 1, depth: 2 })], "abcd", true],
  ["the whole literal lies within the depth", [content("cd", { offset: 1, depth: 2 })], "abcd", false],
  ["a relative literal follows at once", [content("a"), content("b", { within: 1 })], "ab", true],
  ["the earlier literal tries its next place", [content("a"), content("c", { distance: 0, within: 1 })], "axxac", true],
  [
    "a negated literal between does not try again, since the next word follows it",
    [content("a"), content("b", { negated: true }), content("c", { distance: 0, within: 1 })],
    "axxac",
    false,
  ],
  [
    "a negated relative literal is part of the chain",
    [content("a"), content("b", { negated: true, distance: 0, within: 1 }), content("c", { distance: 0, within: 1 })],
    "abxac",
    true,
  ],
  [
    "a chain tries all places of all",
    [content("x"), content("y", { distance: 0 }), content("z", { distance: 0, within: 1 })],
    "xyxyz",
    true,
  ],
  ["a negative distance goes back", [content("ab"), content("a", { distance: -2, within: 1 })], "xab", true],
  ["a distance before the beginning begins there", [content("ab"), content("x", { distance: -3, within: 3 })], "abx", false],
  ["an end before the beginning limits nothing", [content("ab"), content("x", { distance: -10, within: 3 })], "abcdefgx", true],
  ["negated: nowhere", [content("zz", { negated: true })], "abc", true],
  ["negated: within reach", [content("x"), content("ab", { negated: true, distance: 0, within: 3 })], "xcab", false],
  ["negated: out of reach", [content("x"), content("ab", { negated: true, distance: 0, within: 2 })], "xcab", true],
  ["negated: no room at all", [content("x"), content("ab", { negated: true, distance: 5 })], "xab", true],
  ["endswith", [content("ab", { nocase: true, endswith: true })], "abAB", true],
  ["endswith: not at the end", [content("ab", { nocase: true, endswith: true })], "abABx", false],
  ["endswith: behind another", [content("x"), content("ab", { distance: 0, endswith: true })], "xababab", true],
  ["endswith: the depth does not reach", [content("ab", { depth: 2, endswith: true })], "xab", false],
  ["isdataat", [isDataAt(0)], "a", true],
  ["isdataat: one too far", [isDataAt(1)], "a", false],
  ["isdataat: negated", [isDataAt(3, { negated: true }), content("a")], "abc", true],
  ["isdataat: relative, at the end", [content("a"), isDataAt(1, { relative: true })], "a", false],
  ["isdataat: relative 0 always holds", [content("a"), isDataAt(0, { relative: true })], "a", true],
  ["isdataat: the last of several places", [content("a"), isDataAt(1, { relative: true, negated: true })], "aba", true],
  ["pcre: relative, later place", [content("a"), pattern("^b", { relative: true })], "acab", true],
  ["pcre: something follows its later match", [pattern("a"), content("b", { distance: 0, within: 1 })], "acab", true],
  ["pcre: negated, relative", [content("a"), pattern("^b", { relative: true, negated: true })], "abac", true],
  ["pcre: negated, relative, at all places", [content("a"), pattern("^b", { relative: true, negated: true })], "abab", false],
  ["byte_test: fewer bytes than asked for", [byteTest("=", 0, { negated: true, format: binary(4) })], "abc", false],
  ["byte_test: ^ is unequal", [byteTest("^", 3)], "\x03", false],
  ["byte_test: & any bit", [byteTest("&", 3)], "\x02", true],
  ["byte_test: not & ", [byteTest("&", 3, { negated: true })], "\x02", false],
  ["byte_test: bits are moved right by the mask's zeros", [byteTest("=", 3, { format: binary(2), bitmask: 0x0ff0 })], "\xf0\x3f", true],
  ["byte_test: little", [byteTest("=", 258, { format: binary(2, { little: true }) })], "\x02\x01", true],
  ["byte_test: eight bytes", [byteTest(">", 2 ** 63, { format: binary(8) })], "\xff".repeat(8), true],
  ["byte_test: string, plain, octal", [byteTest("=", 10, { format: binary(3, { text: "auto" }) })], "012", true],
  ["byte_test: string, plain, hexadecimal", [byteTest("=", 18, { format: binary(4, { text: "auto" }) })], "0x12", true],
  ["byte_test: string hex with a prefix", [byteTest("=", 18, { format: binary(4, { text: "hex" }) })], "0x12", true],
  ["byte_test: string with blank and sign", [byteTest("=", 12, { format: binary(4, { text: "dec" }) })], " +12", true],
  ["byte_test: string without digits", [byteTest("=", 0, { format: binary(4, { text: "dec" }) })], "abcd", false],
  ["byte_test: string without digits, negated", [byteTest("=", 0, { negated: true, format: binary(4, { text: "dec" }) })], "abcd", false],
  ["byte_jump: to the end", [byteJump()], "\x03abc", true],
  ["byte_jump: beyond it", [byteJump()], "\x04abc", false],
  ["byte_jump: from the beginning, beyond it", [byteJump({ from: "beginning" })], "\x05abc", false],
  ["byte_jump: from the end", [byteJump({ from: "end", postOffset: -1 }), content("c", { distance: 0, within: 1 })], "\0abc", true],
  [
    "byte_jump: before the beginning ends there",
    [byteJump({ from: "beginning", postOffset: -3 }), content("\x01", { distance: 0, within: 1 })],
    "\x01abc",
    true,
  ],
  [
    "byte_jump: a number with its highest bit goes back",
    [byteJump({ from: "end", format: binary(8) }), content("h", { distance: 0, within: 1 })],
    `${"\xff".repeat(8)}abcdefgh`,
    true,
  ],
  ["byte_jump: behind the end", [byteJump({ from: "end" })], "\x01abc", false],
  ["byte_jump: a literal behind it", [byteJump(), byteTest("=", 99, { offset: -1, relative: true })], "\x03abc", true],
  ["byte_jump: nothing behind it", [byteJump(), byteTest("=", 99, { relative: true })], "\x03abc", false],
  [
    "byte_jump: multiplier",
    [content("a"), byteJump({ relative: true, multiplier: 2 }), content("b", { distance: 0, within: 1 })],
    "a\x01ccb",
    true,
  ],
  [
    "byte_jump: align",
    [content("a"), byteJump({ relative: true, align: true }), content("b", { distance: 0, within: 1 })],
    "a\x01ccccb",
    true,
  ],
  [
    "byte_jump: string ends at its digits",
    [byteJump({ format: binary(2, { text: "dec" }) }), content("a", { distance: 0, within: 1 })],
    "1 ab",
    true,
  ],
  ["byte_extract: an offset", [byteExtract("v"), content("c", { offset: variable("v") })], "\x03abcd", true],
  ["byte_extract: an offset beyond", [byteExtract("v"), content("b", { offset: variable("v") })], "\x03abcd", false],
  ["byte_extract: a depth", [byteExtract("v"), content("b", { depth: variable("v") })], "\x03abcd", true],
  ["byte_extract: a depth of 0", [byteExtract("v"), content("b", { depth: variable("v") })], "\0abcd", false],
  ["byte_extract: a depth behind an offset", [byteExtract("v"), content("c", { offset: 2, depth: variable("v") })], "\x02abcd", true],
  [
    "byte_extract: multiplier and align",
    [byteExtract("v", { multiplier: 3, align: 2 }), byteTest("=", variable("v"), { offset: 1 })],
    "\x03\x0a",
    true,
  ],
  [
    "byte_extract: what follows goes on behind the digits",
    [byteExtract("v", { format: binary(3, { text: "dec" }) }), content(" ", { distance: 0, within: 1 })],
    "1 2x",
    true,
  ],
  ["byte_math: +", [byteMath("v", "+", 3), byteTest("=", variable("v"), { offset: 1 })], "\x03\x06", true],
  [
    "byte_math: - wraps",
    [byteMath("v", "-", 4), byteTest("=", variable("v"), { offset: 1, format: binary(8) })],
    `\x03${"\xff".repeat(8)}`,
    true,
  ],
  ["byte_math: /", [byteMath("v", "/", 2), byteTest("=", variable("v"), { offset: 1 })], "\x07\x03", true],
  ["byte_math: by 0", [byteMath("v", "/", 0)], "\x07\x03", false],
  ["byte_math: <<", [byteMath("v", "<<", 2), byteTest("=", variable("v"), { offset: 1 })], "\x03\x0c", true],
  ["byte_math: >>", [byteMath("v", ">>", 1), byteTest("=", variable("v"), { offset: 1 })], "\x03\x01", true],
  [
    "byte_math: the mask is of the result",
    [byteMath("v", "+", 1, { format: binary(2), bitmask: 0x0ff0 }), byteTest("=", variable("v"), { offset: 2 })],
    "\xf0\x3f\x04",
    true,
  ],
  ["bsize", [{ type: "bsize", test: { operator: "range", low: 2, high: 4 } }], "abc", true],
  ["bsize: a variable", [byteExtract("v"), { type: "bsize", test: { operator: "variable", compare: "=", variable: "v" } }], "\x02a", true],
  ["entropy", [{ type: "entropy", bytes: 0, offset: 0, operator: ">", value: 1.9 }], "abcd", true],
  ["entropy of too few bytes", [{ type: "entropy", bytes: 5, offset: 0, operator: ">=", value: 0 }], "abcd", false],
])("%s", (_case, tests, text, expected) => expect(holds(tests, text)).toBe(expected));

// These were put to Suricata 7.0.10 as well.
test.each<[string, string, string | undefined, { bytes?: number; offset?: number }?]>([
  ["padded", "aGVsbG8=", "hello"],
  ["padding missing", "aGVsbG8", "hello"],
  ["a blank ends it", "aG VsbG8=", "h"],
  ["goes on behind padding", "aGVsbG8=aGVsbG8=", "hellohello"],
  ["another alphabet's letter ends it", "aGVsbG8.", "hello"],
  ["a group cut off", "aGVsbG=", "hell`"],
  ["padding at the beginning", "=aGV", "\x01\xa1"],
  ["more padding than there is", "aGVs====bGxv", "helllo"],
  ["one digit is nothing", "a", undefined],
  ["one digit before something else is a byte", "aGVsa!", "helh"],
  ["two digits before something else", "aG!!", "h"],
  ["nothing to decode", "????????", undefined],
  ["bytes", "aGVsbG8=", "hell", { bytes: 6 }],
  ["offset", "xxxaGVsbG8=", "hello", { offset: 3 }],
])("base64_data: %s", (_case, text, decoded, more = {}) => {
  const base64 = { from: "payload", bytes: more.bytes, offset: more.offset ?? 0, relative: false };
  const tests = testsOf(decoded === undefined ? [] : [content(decoded, { depth: decoded.length, endswith: true })], {
    buffer: "base64_data",
    base64,
  });
  expect(judge.match(tests, bytesOf(text), 0, text.length, new Scratch())).toBe(decoded !== undefined);
});

test("base64_decode is relative to the match of the buffer before it", () => {
  const scratch = new Scratch();
  const bytes = bytesOf("abaGVsbG8=");
  expect(judge.match(testsOf([content("a"), content("b")]), bytes, 0, bytes.length, scratch)).toBe(true);
  const base64 = { from: "payload", bytes: undefined, offset: 0, relative: true };
  expect(judge.match(testsOf([content("hello")], { buffer: "base64_data", base64 }), bytes, 0, bytes.length, scratch)).toBe(true);
});

// "9" is tried at both places since byte_math follows it; base64_decode alone would not bring that about, as in Suricata.
test.each([
  ["a literal that something else follows tries its next place", [content("9"), byteMath("v", "+", 1, { relative: true })], true],
  ["a literal that base64_decode alone follows does not", [content("9")], false],
])("base64_data: %s", (_case, tests, expected) => {
  const bytes = bytesOf("9!!!9-aGVsbG8=");
  const base64 = { from: "payload", bytes: undefined, offset: tests.length === 1 ? 1 : 0, relative: true };
  const decoded = [testsOf([content("hello")], { buffer: "base64_data", base64 })];
  expect(judge.match(testsOf(tests), bytes, 0, bytes.length, new Scratch(), decoded)).toBe(expected);
});

test.each([
  ["absent: the buffer is there", "only", "abc", false],
  ["absent, or else: it is there and matches", "or", "abc", true],
  ["absent, or else: it is there and does not match", "or", "xyz", false],
] as const)("%s", (_case, absent, text, expected) => {
  expect(judge.match(testsOf([content("b")], { absent }), bytesOf(text), 0, 3, new Scratch())).toBe(expected);
});

test.each<[string, readonly ByteTest[], string, number, boolean]>([
  ["all of it is old", [content("ab")], "abxx", 2, false],
  ["one ends in the new bytes", [content("ab")], "xxab", 3, true],
  ["a later place is new", [content("ab")], "abxxab", 4, true],
  ["one of two is new", [content("cd"), content("ab")], "abcdab", 5, true],
  ["one of two is new, the other has one place", [content("ab"), content("cd")], "abcdab", 5, true],
  ["a chain is new", [content("a"), content("b", { distance: 0 })], "axxb", 3, true],
  ["a chain is old", [content("a"), content("b", { distance: 0 })], "axbx", 3, false],
  ["a pattern is new", [pattern("a.")], "abab", 3, true],
  ["a pattern is old", [pattern("a.")], "abxx", 3, false],
  ["nothing positive counts always", [content("z", { negated: true })], "abxx", 3, true],
])("bytes that were judged before: %s", (_case, tests, text, minimumEnd, expected) => {
  const scratch = new Scratch();
  scratch.minimumEnd = minimumEnd;
  expect(judge.match(testsOf(tests), bytesOf(text), 0, text.length, scratch)).toBe(expected);
});

test.each<[string, readonly ByteTest[], boolean]>([
  ["depth ended before", [content("a", { depth: 8 })], false],
  ["depth ends in these bytes", [content("ab", { depth: 12 })], true],
  ["depth ends too early in these bytes", [content("ab", { depth: 11 })], false],
  ["offset lies before", [content("ab", { offset: 4 })], true],
  ["offset lies in these bytes", [content("ab", { offset: 11 })], false],
])("a stream of which 10 bytes went before: %s", (_case, tests, expected) => {
  const scratch = new Scratch();
  scratch.precedingBytes = 10;
  expect(judge.match(testsOf(tests), bytesOf("abcd"), 0, 4, scratch)).toBe(expected);
});

test("places and captures are those of the way that led to the match", () => {
  const scratch = new Scratch();
  const captures = [{ scope: "flow", name: "who", group: 1 }] as const;
  expect(
    holds([content("a"), pattern("^(b)(?=c)", { relative: true, captures }), content("c", { distance: 0 })], "axabxabc", scratch),
  ).toBe(true);
  const places = scratch.places.slice(0, scratch.placeCount).map(({ offset, length }) => [offset, length]);
  expect(places).toEqual([
    [5, 1],
    [6, 1],
    [7, 1],
  ]);
  expect(scratch.captures.slice(0, scratch.captureCount)).toEqual([{ scope: "flow", name: "who", value: "b" }]);
  expect(holds([content("a"), content("z", { distance: 0 })], "axabxabc", scratch)).toBe(false);
  expect(scratch.placeCount).toBe(0);
});

test("a rule that would try for ever is given up, and counted", () => {
  const scratch = new Scratch();
  const tests = [content("a"), ...Array.from({ length: 8 }, () => content("a", { distance: 0 })), content("b", { distance: 0, within: 1 })];
  const started = performance.now();
  expect(holds(tests, "a".repeat(inspectionStepsMax), scratch)).toBe(false);
  expect(performance.now() - started).toBeLessThan(10_000);
  expect(scratch.givenUp).toBe(1);
});

test.each([
  ["rpc: this program", [100000, undefined, 3], true],
  ["rpc: another version", [100000, 4, undefined], false],
])("%s", (_case, values, expected) => {
  const call = "\0\0\0\x01\0\0\0\0\0\0\0\x02\0\x01\x86\xa0\0\0\0\x02\0\0\0\x03";
  expect(holds([{ type: "special", name: "rpc", values }], call)).toBe(expected);
});

test.each([
  ["ftpbounce: another address", "PORT 10,0,0,2,4,1\r\n", true],
  ["ftpbounce: its own", "port 10,0,0,1,4,1\r\n", false],
  ["ftpbounce: cut off", "PORT 10,0,0", false],
])("%s", (_case, text, expected) => {
  const scratch = new Scratch();
  scratch.sourceAddress = 0x0a000001;
  expect(holds([{ type: "special", name: "ftpbounce", values: [] }], text, scratch)).toBe(expected);
});
