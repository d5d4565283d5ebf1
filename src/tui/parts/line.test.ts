import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { textWidth } from "#tui/screen/text.ts";
import { span, wrap } from "./line.ts";

const bare = (text: string): string => text.replace(/\s/g, "");

describe("wrap", () => {
  test.each([
    ["short lines stay", [span("ab cd")], 10, ["ab cd"]],
    ["breaks at blanks", [span("ab cd ef")], 6, ["ab cd", "ef"]],
    ["the value stands under itself", [span("name  "), span("one two three")], 13, ["name  one two", "      three"]],
    ["long words are cut", [span("abcdefghij")], 4, ["abcd", "efgh", "ij"]],
    ["wide characters count twice", [span("日本語日本語")], 6, ["日本語", "日本語"]],
  ] as const)("%s", (_case, spans, width, wanted) => {
    const lines = wrap(spans, width).map((each) =>
      each
        .map(({ text }) => text)
        .join("")
        .trimEnd(),
    );
    expect(lines).toEqual(wanted);
  });

  test("nothing is lost, and nothing is too wide", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 30 }), { maxLength: 4 }), fc.integer({ min: 4, max: 40 }), (texts, width) => {
        const lines = wrap(
          texts.map((text) => span(text)),
          width,
        );
        for (const each of lines)
          expect(
            textWidth(
              each
                .map(({ text }) => text)
                .join("")
                .trimEnd(),
            ),
          ).toBeLessThanOrEqual(width);
        expect(bare(lines.flatMap((each) => each.map(({ text }) => text)).join(""))).toBe(bare(texts.join("")));
      }),
    );
  });
});
