import * as fc from "fast-check";
import { expect, test } from "vitest";
import { cut, fill, glyphs, textWidth } from "./text.ts";

test.each([
  ["plain text", "abc", "abc", 3],
  ["wide characters take two cells", "日本", "日本", 4],
  ["an accent of its own stands on its letter", "e\u0301x", "e\u0301x", 2],
  ["a tower of accents is cut down", `a${"\u0301".repeat(50)}`, "a\u0301\u0301", 1],
  ["escape sequences", "a\x1b[2Jb", "a·[2Jb", 6],
  ["the other introducer", "\u009b31mx", "·31mx", 5],
  ["line ends and bells", "a\r\n\x07b", "a···b", 5],
  ["marks of direction", "abc\u202etxt", "abc·txt", 7],
  ["joiners and byte order marks", "a\u200d\ufeffb", "a··b", 4],
  ["half a surrogate pair", "a\ud800b", "a·b", 3],
  ["private and unassigned characters", "\ue000\u{10ffff}", "··", 2],
  ["selectors of a look are left out", "\u2764\ufe0f", "\u2764", 1],
  ["emoji", "😀", "😀", 2],
] as const)("glyphs: %s", (_case, text, shown, width) => {
  expect(
    glyphs(text)
      .map((glyph) => glyph.text)
      .join(""),
  ).toBe(shown);
  expect(textWidth(text)).toBe(width);
});

test.each([
  ["what fits stays", "abc", 3, "abc"],
  ["what does not ends with an ellipsis", "abcd", 3, "ab…"],
  ["half a wide character is none", "日本語", 4, "日…"],
  ["no room", "abc", 0, ""],
  ["one cell", "abc", 1, "…"],
] as const)("cut: %s", (_case, text, width, wanted) => expect(cut(text, width)).toBe(wanted));

test("whatever the text, nothing that steers a terminal is left, and the width is as wished", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 40 }), fc.integer({ min: 0, max: 30 }), (text, width) => {
      const shown = fill(text, width);
      expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      expect(textWidth(shown)).toBe(width);
    }),
    { numRuns: 2000 },
  );
});
