import { expect, test } from "vitest";
import { evidenceOf } from "./evidence.ts";

const text = "waits between 9 actions";

test.each<[string, unknown, { readonly [name: string]: unknown } | undefined]>([
  ["a sentence", { kind: "text", text }, { kind: "text", text }],
  ["a sentence without a kind", { text, value: 3 }, { kind: "text", text }],
  ["nothing said", { kind: "text" }, undefined],
  ["no object", 17, undefined],
  [
    "a histogram with people's",
    { kind: "intervals", text, edgesSeconds: [1, 2], counts: [1, 2, 3], people: [0, 3, 3] },
    { kind: "intervals", edges: [1, 2], counts: [1, 2, 3], people: [0, 3, 3] },
  ],
  ["people in other bins are left out", { kind: "intervals", text, edgesSeconds: [1], counts: [1, 2], people: [1] }, { people: [] }],
  ["a histogram without an open bin", { kind: "responses", text, edgesMilliseconds: [1, 2], counts: [1, 2] }, { kind: "responses" }],
  ["a histogram with too few bins is a sentence", { kind: "intervals", text, edgesSeconds: [1, 2], counts: [1] }, { kind: "text" }],
  ["opcodes are shown by name", { kind: "sequence", text, opcodes: [7], names: ["LOOT"] }, { opcodes: ["LOOT"] }],
  ["a histogram of words is a sentence", { kind: "responses", text, edgesMilliseconds: [1], counts: ["a", "b"] }, { kind: "text" }],
  [
    "a loop of numbered opcodes",
    { kind: "sequence", text, opcodes: [7, "MOVE"], repeats: 4 },
    { kind: "sequence", opcodes: ["7", "MOVE"] },
  ],
  ["an empty loop is a sentence", { kind: "sequence", text, opcodes: [] }, { kind: "text" }],
  [
    "a path",
    {
      kind: "path",
      text,
      points: [
        [0, 1],
        [2, 3],
        ["x", 1],
      ],
    },
    {
      kind: "path",
      points: [
        [0, 1],
        [2, 3],
      ],
    },
  ],
  ["a path of one point is a sentence", { kind: "path", text, points: [[0, 1]] }, { kind: "text" }],
])("%s", (_case, row, expected) => {
  const [evidence] = evidenceOf({ evidence: [row] });
  if (expected === undefined) expect(evidence).toBeUndefined();
  else expect(evidence).toMatchObject(expected);
});

test("no evidence is none", () => expect(evidenceOf({})).toEqual([]));
