import { expect, test } from "vitest";
import { OddwireError } from "#contract/errors.ts";
import { type Parameter, readParameters } from "./parameters.ts";

const declared: readonly Parameter[] = [
  { name: "limit", type: "integer", doc: "", min: 1, max: 10, default: 5 },
  { name: "from", type: "time", doc: "" },
  { name: "order", type: "text", doc: "", choices: ["time", "-time"] },
  { name: "column", type: "text", doc: "", required: true },
  { name: "rrname", type: "list", doc: "" },
];

const problemOf = (query: object): string => {
  try {
    readParameters(declared, { column: "x", ...query }, "/p");
    return "";
  } catch (error) {
    return error instanceof OddwireError ? error.message : "another error";
  }
};

test.each([
  ["a number below its range is refused", { limit: "0" }, "limit must be a whole number from 1 to 10"],
  ["a number above its range is refused", { limit: "11" }, "limit must be"],
  ["a fraction is no whole number", { limit: "1.5" }, "limit must be"],
  ["hexadecimal is no whole number", { limit: "0x5" }, "limit must be"],
  ["the empty text is no number", { limit: "" }, "limit must be"],
  ["a number given twice is refused", { limit: ["1", "2"] }, "limit is given more than once"],
  ["a text that is no time is refused", { from: "yesterday" }, "from must be a time"],
  ["a choice that is none is refused", { order: "name" }, "order must be one of time, -time"],
  ["an unknown parameter is refused", { limti: "5" }, '"limti" is no parameter'],
  ["a name of Object's prototype is an unknown parameter", { constructor: "5" }, '"constructor" is no parameter'],
  ["a missing parameter is named", { column: undefined }, "column is missing"],
  ["a parameter that is too long is refused", { rrname: "x".repeat(5000) }, "rrname is longer than 4096 characters"],
  ["too many values are refused", { rrname: Array(65).fill("x") }, "rrname is given more than 64 times"],
])("%s", (_case, query, message) => expect(problemOf(query)).toContain(message));

test("every bad parameter is named at once", () => {
  const message = problemOf({ limit: "x", from: "x", order: "x", zzz: "1" });
  for (const name of ["limit", "from", "order", "zzz"]) expect(message).toContain(name);
});

test("values come in their types, absent ones by default", () => {
  const values = readParameters(declared, { column: "a", from: "2026-01-01T00:00:00Z", rrname: ["b", "c"] }, "/p");
  expect([values.number("limit"), values.number("from"), values.text("column"), values.list("rrname"), values.text("order")]).toEqual([
    5,
    1_767_225_600_000_000,
    "a",
    ["b", "c"],
    undefined,
  ]);
});
