import { expect, test } from "vitest";
import { fitting, sorted, type TableColumn, tracksOf, turned } from "./column.ts";

interface Row {
  readonly name: string;
  readonly size: number;
}
const columns: TableColumn<Row>[] = [
  { key: "name", label: "Name", width: 100, grow: 1, cell: (row) => row.name, value: (row) => row.name },
  { key: "size", label: "Size", width: 100, rank: 1, cell: (row) => row.size, value: (row) => row.size },
];
const rows: Row[] = [
  { name: "b", size: 2 },
  { name: "a", size: 2 },
  { name: "c", size: 9 },
];
const names = (list: readonly Row[]) => list.map((row) => row.name).join("");

test.each([
  ["no order leaves rows as they are", undefined, "bac"],
  ["texts from A to Z", { key: "name", descending: false }, "abc"],
  ["numbers largest first, equal ones as before", { key: "size", descending: true }, "cba"],
  ["an unknown column orders nothing", { key: "nope", descending: true }, "bac"],
])("%s", (_case, order, expected) => expect(names(sorted(rows, columns, order))).toBe(expected));

test("sorting leaves the given rows alone", () => {
  sorted(rows, columns, { key: "name", descending: false });
  expect(names(rows)).toBe("bac");
});

test.each([
  ["numbers start with the largest", undefined, 5, { key: "k", descending: true }],
  ["texts start with A", undefined, "x", { key: "k", descending: false }],
  ["a second click turns round", { key: "k", descending: true }, 5, { key: "k", descending: false }],
  ["another column starts anew", { key: "other", descending: true }, "x", { key: "k", descending: false }],
])("click: %s", (_case, order, sample, expected) => expect(turned(order, "k", sample)).toEqual(expected));

test.each([
  ["all have room", 238, ["name", "size"]],
  ["the one with a rank leaves", 237, ["name"]],
  ["those without a rank stay, whatever the width", 10, ["name"]],
])("room: %s", (_case, width, expected) => expect(fitting(columns, width).map((column) => column.key)).toEqual(expected));

test("tracks grow from the least width", () => expect(tracksOf(columns)).toBe("minmax(100px, 1fr) 100px"));
