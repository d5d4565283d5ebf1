import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Screen } from "#tui/screen/screen.ts";
import { List } from "./list.ts";

const listOf = (...rows: string[]): List<string> => {
  const list = new List<string>([{ title: "name", width: 6, text: (row) => row, order: (row) => row }], (row) => row);
  list.set(rows);
  return list;
};

describe("a list", () => {
  test("the choice stays on its row when rows come and change places", () => {
    const list = listOf("b", "c", "d");
    list.key("down");
    list.set(["a", "d", "b", "c"]);
    expect(list.row).toBe("c");
  });

  test("at the top it stays at the top", () => {
    const list = listOf("b", "c");
    list.set(["a", "b", "c"]);
    expect(list.row).toBe("a");
  });

  test("when the chosen row has gone, the one at its place is chosen", () => {
    const list = listOf("a", "b", "c");
    list.key("end");
    list.set(["a", "b"]);
    expect(list.row).toBe("b");
    list.set([]);
    expect(list.row).toBeUndefined();
  });

  test("s orders, r turns round, s again goes back", () => {
    const list = listOf("b", "c", "a");
    list.key("s");
    expect(list.row).toBe("a");
    list.key("r");
    expect(list.row).toBe("c");
    list.key("s");
    expect(list.row).toBe("b");
  });

  test("the chosen row is always seen", () => {
    const rows = Array.from({ length: 50 }, (_, i) => `row${i}`);
    const list = listOf(...rows);
    const keys = fc.constantFrom("up", "down", "page-up", "page-down", "home", "end", "s", "r");
    fc.assert(
      fc.property(fc.array(keys, { maxLength: 20 }), fc.integer({ min: 2, max: 60 }), (pressed, height) => {
        for (const key of pressed) list.key(key);
        const screen = new Screen(10, height);
        list.draw(screen.area(), "");
        expect(screen.lines().slice(1)).toContain(list.row);
      }),
    );
  });
});
