import { assert, jsonValue, property } from "fast-check";
import { expect, test } from "vitest";
import { jsonTokens } from "./json-tokens.ts";

test("keys, texts, numbers and words are told apart", () => {
  const tokens = jsonTokens({ a: 'say "hi": 1', n: -1.5e-7, ok: true, none: null, list: [1] }).filter((token) => token.kind !== "mark");
  expect(tokens.map((token) => `${token.kind} ${token.text}`)).toEqual([
    'key "a"',
    'text "say \\"hi\\": 1"',
    'key "n"',
    "number -1.5e-7",
    'key "ok"',
    "word true",
    'key "none"',
    "word null",
    'key "list"',
    "number 1",
  ]);
});

test("joined pieces are the text, whatever the value", () => {
  assert(
    property(
      jsonValue(),
      (value) =>
        jsonTokens(value)
          .map((token) => token.text)
          .join("") === JSON.stringify(value, undefined, 2),
    ),
    { seed: 7, numRuns: 300 },
  );
});
