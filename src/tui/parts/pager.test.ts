import { expect, test } from "vitest";
import { Screen } from "#tui/screen/screen.ts";
import { line } from "./line.ts";
import { Pager } from "./pager.ts";

test("a pager scrolls to its last line and no further", () => {
  const pager = new Pager();
  pager.set(Array.from({ length: 30 }, (_, i) => line(`line ${i}`)));
  const screen = new Screen(40, 10);
  pager.draw(screen.area());
  pager.key("end");
  pager.key("down");
  const after = new Screen(40, 10);
  pager.draw(after.area());
  expect(after.lines().at(-1)).toBe("line 29");
});
