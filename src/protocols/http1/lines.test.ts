import { expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { bytesOf } from "./driver.common.ts";
import { headEnd } from "./lines.ts";

test.each<readonly [string, string, number]>([
  ["carriage returns", "a\r\n\r\nb", 5],
  ["line feeds alone", "a\n\nb", 3],
  ["mixed", "a\n\r\nb", 4],
  ["not yet", "a\r\n\r", -1],
  ["not at all", "a\r\nb\r\n", -1],
])("the head ends: %s", (_case, text, end) => {
  for (const pad of ["", "x", "xy"]) {
    const bytes = bytesOf(`${pad}${text}`);
    expect(headEnd(bytes, 0, bytes.length)).toBe(end < 0 ? -1 : end + pad.length);
  }
});

test("the search finds what a simple one finds", () => {
  const random = new Random(4);
  for (let round = 0; round < 20_000; round++) {
    const text = Array.from({ length: random.between(0, 12) }, () => random.pick(["a", "\r", "\n"])).join("");
    const end = random.between(0, text.length + 1);
    const found = /\n\r?\n/.exec(text.slice(0, end));
    expect(headEnd(bytesOf(text), 0, end)).toBe(found === null ? -1 : found.index + found[0].length);
  }
});
