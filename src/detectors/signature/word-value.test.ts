import { describe, expect, test } from "vitest";
import type { RuleWord } from "#schema/rule-word.ts";
import { comparable, valuesAt, wordBytes } from "./word-value.ts";

const word = (more: Partial<RuleWord>): RuleWord => ({ name: "x", doc: "", type: "bytes", protocols: [], side: "both", ...more });
const event = { a: { b: [{ c: 1 }, { c: 2 }, {}] }, list: ["x", "y"], none: null };

describe("where a word's values stand", () => {
  test.each<readonly [string, readonly unknown[]]>([
    ["a.b[].c", [1, 2]],
    ["list[]", ["x", "y"]],
    ["list", [["x", "y"]]],
    ["a.z", []],
    ["none", []],
    ["", [event]],
  ])("%s", (path, wanted) => expect(valuesAt(event, path)).toEqual(wanted));
});

describe("the bytes of a value", () => {
  test.each<readonly [string, Partial<RuleWord>, unknown, readonly number[] | undefined]>([
    ["a text is UTF-8", {}, "é", [0xc3, 0xa9]],
    ["an escape is one byte", {}, "a\\xff", [0x61, 0xff]],
    ["a byte for each character", { encoding: "latin1" }, "é", [0xe9]],
    ["hexadecimal, colons between", { encoding: "hex" }, "0a:ff", [10, 255]],
    ["no hexadecimal", { encoding: "hex" }, "xyz", undefined],
    ["Base64", { encoding: "base64" }, "AQID", [1, 2, 3]],
    ["a number is its digits", {}, 42, [0x34, 0x32]],
    ["an object has none", {}, {}, undefined],
  ])("%s", (_case, more, value, wanted) => {
    const bytes = wordBytes(word(more), value);
    expect(bytes === undefined ? undefined : [...bytes]).toEqual(wanted);
  });
});

describe("what is compared", () => {
  const numbers = { CONNECT: 1, dup: 8, retain: 1 };
  test.each<readonly [string, Partial<RuleWord>, unknown, unknown]>([
    ["a number", { type: "integer" }, 5, 5],
    ["digits", { type: "integer" }, "0x1f", 31],
    ["a name of a number, in any case", { type: "integer", numbers }, "connect", 1],
    ["a text stays one", { type: "text", numbers }, "connect", "connect"],
    ["names of flags are joined", { type: "flags", numbers }, ["dup", "retain"], 9],
    ["bytes are their text", { type: "integer" }, Uint8Array.of(0x31, 0x32), 12],
  ])("%s", (_case, more, value, wanted) => expect(comparable(word(more), value)).toBe(wanted));
});
