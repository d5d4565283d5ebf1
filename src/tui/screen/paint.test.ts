import * as fc from "fast-check";
import { expect, test } from "vitest";
import { paint } from "./paint.ts";
import { Screen } from "./screen.ts";
import { REVERSED, sequences, style } from "./style.ts";

const looks = sequences(true);

function screenOf(...lines: string[]): Screen {
  const screen = new Screen(12, 3);
  lines.forEach((line, y) => {
    screen.area().text(0, y, line);
  });
  return screen;
}

/** A terminal that knows what `paint` writes: places, styles, wide characters. */
class Glass {
  readonly cells: string[] = Array.from({ length: 36 }, () => " ");
  #at = 0;

  write(text: string): void {
    for (const part of text.split("\x1b[").slice(1)) {
      const [all, row, column, clears, shown = ""] = /^(?:(\d+);(\d+)H|(2J)|[?\d;]*[mhl])(.*)$/.exec(part) ?? [];
      expect(all).toBe(part);
      if (row !== undefined) this.#at = (Number(row) - 1) * 12 + Number(column) - 1;
      if (clears !== undefined) this.cells.fill(" ");
      for (const glyph of shown.match(/.\p{M}*/gu) ?? []) this.#put(glyph);
    }
  }

  #put(text: string): void {
    const wide = (text.codePointAt(0) as number) > 0x2e00;
    if (this.cells[this.#at] === "") this.cells[this.#at - 1] = " ";
    const next = this.#at + (wide ? 2 : 1);
    if (this.cells[next] === "") this.cells[next] = " ";
    this.cells[this.#at] = text;
    if (wide) this.cells[this.#at + 1] = "";
    this.#at = next;
  }
}

test("the same screen again writes nothing", () => {
  expect(paint(screenOf("abc", "日本"), screenOf("abc", "日本"), looks)).toBe("");
});

test("only what differs is written", () => {
  const out = paint(screenOf("abcdef"), screenOf("abXdef"), looks);
  expect(out).toContain("\x1b[1;3H");
  expect(out).toContain("X");
  expect(out).not.toContain("a");
});

test("without colours there is no colour", () => {
  const screen = new Screen(4, 1);
  screen.area().text(0, 0, "a", style.critical + REVERSED);
  expect(paint(undefined, screen, sequences(false))).toContain("\x1b[0;1;7ma");
});

test("whatever stood there, a terminal shows the new screen", () => {
  const line = fc.array(fc.constantFrom("a", "b", " ", "日", "本", "e\u0301"), { maxLength: 12 }).map((all) => all.join(""));
  const lines = fc.tuple(line, line, line);
  fc.assert(
    fc.property(lines, lines, lines, (first, second, third) => {
      const glass = new Glass();
      let before: Screen | undefined;
      for (const each of [first, second, third]) {
        const screen = screenOf(...each);
        glass.write(paint(before, screen, looks));
        expect(glass.cells.join("")).toBe(screen.texts.join(""));
        before = screen;
      }
    }),
  );
});

test("what is drawn into a part stays there", () => {
  const screen = new Screen(12, 3);
  const part = screen.area().part(2, 1, 4, 1);
  part.text(0, 0, "abcdefgh");
  part.text(0, 1, "below");
  part.text(-1, 0, "日x");
  expect(screen.lines()).toEqual(["", "  axcd", ""].map((text) => text));
});
