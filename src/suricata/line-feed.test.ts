import * as fc from "fast-check";
import { expect, test } from "vitest";
import { LineFeed, lineBytesMax } from "./line-feed.ts";

const all = (feed: LineFeed, ...pieces: readonly (string | Buffer)[]): string[] =>
  pieces.flatMap((piece) => [...feed.push(Buffer.from(piece as string))]);

test.each([
  ["whole lines come as they are", ["a\nb\n"], ["a", "b"]],
  ["a line in three pieces is one", ["a", "b", "c\n"], ["abc"]],
  ["empty lines are left out", ["\n\na\n\n"], ["a"]],
  ["carriage returns are no part of a line", ["a\r\nb\r\n"], ["a", "b"]],
  ["a line without an end is kept back", ["a\nb"], ["a"]],
])("%s", (_case, pieces, lines) => {
  expect(all(new LineFeed(), ...pieces)).toEqual(lines);
});

test("the first line is left out when reading began in its middle", () => {
  expect(all(new LineFeed(true), "lf of a line\nwhole\n")).toEqual(["whole"]);
});

test("a character in two pieces stays one", () => {
  const bytes = Buffer.from("zwölf\n");
  expect(all(new LineFeed(), bytes.subarray(0, 3), bytes.subarray(3))).toEqual(["zwölf"]);
});

test.each([1000, 65_536, lineBytesMax + 10])("a line that is too long is skipped and counted, in pieces of %s bytes", (size) => {
  const feed = new LineFeed();
  const text = Buffer.from(`${"x".repeat(lineBytesMax + 1)}\nnext\n`);
  const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, i) => text.subarray(i * size, (i + 1) * size));
  expect([all(feed, ...pieces), feed.tooLong]).toEqual([["next"], 1]);
});

test("how the bytes are cut changes nothing", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("a", "ö", "\n", "\r", "{") }), fc.array(fc.nat(7)), (text, cuts) => {
      const bytes = Buffer.from(`${text}\n`);
      const pieces: Buffer[] = [];
      let at = 0;
      for (const cut of cuts) {
        pieces.push(bytes.subarray(at, at + cut));
        at = Math.min(bytes.length, at + cut);
      }
      pieces.push(bytes.subarray(at));
      expect(all(new LineFeed(), ...pieces)).toEqual(all(new LineFeed(), bytes));
    }),
  );
});
