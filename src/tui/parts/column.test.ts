import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Column, place } from "./column.ts";

const column = (title: string, width: number, more: Partial<Column<string>> = {}): Column<string> => ({
  title,
  width,
  text: (row) => row,
  ...more,
});

describe("columns", () => {
  test.each([
    ["what fits stands one cell apart", [column("a", 3), column("b", 4)], 8, ["a 0 3", "b 4 4"]],
    ["the most spare one goes first", [column("a", 3, { spare: 1 }), column("b", 4, { spare: 2 }), column("c", 2)], 8, ["a 0 3", "c 4 2"]],
    ["what is left over is shared", [column("a", 3, { grow: 1 }), column("b", 3, { grow: 3 })], 15, ["a 0 5", "b 6 9"]],
    ["nobody gets more than it can use", [column("a", 3, { grow: 9, most: 4 }), column("b", 3, { grow: 1 })], 20, ["a 0 4", "b 5 15"]],
    ["what cannot go is cut", [column("a", 6), column("b", 6)], 10, ["a 0 6", "b 7 3"]],
  ] as const)("%s", (_case, columns, width, wanted) => {
    expect(place(columns, width).map((placed) => `${placed.column.title} ${placed.x} ${placed.width}`)).toEqual(wanted);
  });

  test("whatever the columns, none reaches over the edge", () => {
    const any = fc.record({
      width: fc.integer({ min: 1, max: 30 }),
      grow: fc.integer({ min: 0, max: 4 }),
      spare: fc.integer({ min: 0, max: 4 }),
    });
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 9 }), fc.integer({ min: 1, max: 120 }), (all, width) => {
        const columns = all.map((more) => column("x", more.width, more));
        for (const placed of place(columns, width)) expect(placed.width === 0 || placed.x + placed.width <= width).toBe(true);
      }),
    );
  });
});
