import { expect, test } from "vitest";
import { harmless, tableText } from "./table.ts";

const columns = [
  { title: "name", right: false },
  { title: "bytes", right: true },
];

test.each([
  [
    "texts stand left, numbers right",
    undefined,
    [
      ["a", "1"],
      ["longer", "1000"],
    ],
    "name    bytes\na           1\nlonger   1000\n",
  ],
  ["the widest column is cut to fit", 15, [["abcdefghijkl", "1"]], "name      bytes\nabcdefg…      1\n"],
  ["no column gets narrower than eight", 3, [["abcdefghijkl", "1"]], "name      bytes\nabcdefg…      1\n"],
  ["without rows there are titles", undefined, [], "name  bytes\n"],
])("table: %s", (_case, width, rows, text) => {
  expect(tableText(columns, rows, width)).toBe(text);
});

test("what steers a terminal does not get through", () => {
  expect(harmless("a\u001b[31mb\nc\u0085d\u202ee\u200bé漢")).toBe("a·[31mb·c·d·e·é漢");
});
