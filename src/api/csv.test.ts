import { expect, test } from "vitest";
import type { OddwireEvent } from "#contract/event.ts";
import type { Column } from "#schema/field.ts";
import { csvOf } from "./csv.ts";

const column = (name: string, path: string): Column => ({ name, path, type: "text", doc: "" });
const event = (dns: object): OddwireEvent => ({ timestamp: "t", event_type: "dns", dns });

test.each([
  ["a plain text stands as it is", "example.com", "example.com"],
  ["a comma asks for quotes", "a,b", '"a,b"'],
  ["quotes are doubled", 'a"b', '"a""b"'],
  ["a line break asks for quotes", "a\r\nb", '"a\r\nb"'],
  ["a formula is made harmless", "=1+1", "'=1+1"],
  ["a formula behind an at sign too", "@SUM(A1)", "'@SUM(A1)"],
  ["a formula with a comma is made harmless inside its quotes", "=A(1,2)", '"\'=A(1,2)"'],
  ["a negative number stays a number", -5, "-5"],
  ["nothing is an empty cell", undefined, ""],
  ["truth is a word", true, "true"],
  ["a list is JSON", ["a", 1], '"[""a"",1]"'],
])("%s", (_case, value, cell) => expect(csvOf([column("x", "dns.x")], [event({ x: value })])).toBe(`x\r\n${cell}\r\n`));

test("columns come in their order, rows in theirs", () => {
  const text = csvOf([column("a", "dns.a"), column("time", "timestamp")], [event({ a: "1" }), event({ a: "2" })]);
  expect(text).toBe("a,time\r\n1,t\r\n2,t\r\n");
});
