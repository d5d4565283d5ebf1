import { expect, test } from "vitest";
import { ByteView, latin1 } from "./bytes.ts";
import { LineCutter } from "./line-cutter.ts";

/** The lines of a text that arrives in pieces; `+` marks a line that goes on. */
function linesOf(text: string, size: number, lineBytesMax: number): string[] {
  const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  const cutter = new LineCutter(lineBytesMax);
  const lines: string[] = [];
  let at = 0;
  for (let end = Math.min(size, bytes.length); ; end = Math.min(end + size, bytes.length)) {
    const view = new ByteView(bytes, new DataView(bytes.buffer), at, end);
    while (cutter.next(view, at)) {
      lines.push(`${cutter.continues ? "+" : ""}${latin1(bytes, at, cutter.end)}${cutter.goesOn ? "+" : ""}`);
      at = cutter.following;
    }
    if (end === bytes.length) return lines;
  }
}

test.each([
  ["both line ends", "a\r\nb\n\r\nrest", 10, ["a", "b", ""]],
  ["a long line", "abcdefgh\nij\n", 4, ["abcd+", "+efgh+", "+", "ij"]],
  ["a line of just the limit", "abc\nabcd\n", 4, ["abc", "abcd+", "+"]],
])("%s, in pieces of any size", (_case, text, lineBytesMax, lines) => {
  for (const size of [1, 2, 3, 5, 100]) expect(linesOf(text, size, lineBytesMax)).toEqual(lines);
});
