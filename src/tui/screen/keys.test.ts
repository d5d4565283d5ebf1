import * as fc from "fast-check";
import { expect, test } from "vitest";
import { KeyReader } from "./keys.ts";

const names = (...chunks: string[]): string[] => {
  const reader = new KeyReader();
  return [...chunks.flatMap((chunk) => reader.read(chunk)), ...reader.flush()].map((key) => key.name);
};

test.each([
  ["characters are themselves", ["aö/中😀"], ["a", "ö", "/", "中", "😀"]],
  ["arrows in both modes", ["\x1b[A\x1bOB"], ["up", "down"]],
  ["a sequence in three chunks", ["\x1b", "[5", "~x"], ["page-up", "x"]],
  ["an escape alone", ["\x1b"], ["escape"]],
  ["an escape before a character", ["\x1bq"], ["escape", "q"]],
  ["enter, tab, backspace", ["\r\n\t\x7f\b"], ["enter", "enter", "tab", "backspace", "backspace"]],
  ["control characters", ["\x03\x1a"], ["ctrl-c", "ctrl-z"]],
  ["unknown sequences are left out", ["\x1b[99;5ux"], ["x"]],
  ["what is pasted is no command", ["\x1b[200~q\rrm -rf\x1b[20", "1~q"], ["paste", "q"]],
] as const)("keys: %s", (_case, chunks, wanted) => expect(names(...chunks)).toEqual(wanted));

test("pasted text has no control characters", () => {
  const reader = new KeyReader();
  expect(reader.read("\x1b[200~a\x07\r\nb\x1b[201~")).toEqual([{ name: "paste", text: "a b" }]);
});

test("any bytes in any chunks give the same keys and never throw", () => {
  const piece = fc.constantFrom("\x1b", "[", "O", "A", "200~", "201~", "5", "~", ";", "a", "中", "\r", "\x1b[200~", "\x1b[201~");
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), fc.integer({ min: 1, max: 7 }), (pieces, size) => {
      const text = pieces.join("");
      const whole = names(text);
      const chunks = text.match(new RegExp(`[\\s\\S]{1,${size}}`, "g")) ?? [];
      expect(names(...chunks)).toEqual(whole);
    }),
  );
});
