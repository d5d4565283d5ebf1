import { expect, test } from "vitest";
import { Screen } from "#tui/screen/screen.ts";
import { bar, drawColumns, sparkline } from "./chart.ts";

test.each([
  ["nothing is empty", [0, 0], "  "],
  ["the largest is full, the smallest is seen", [1, 500, 1000], "▁▄█"],
  ["what is no number is nothing", [Number.NaN, 1], " █"],
] as const)("sparkline: %s", (_case, values, wanted) => expect(sparkline(values, 10)).toBe(wanted));

test.each([
  [0, "    "],
  [0.001, "▏   "],
  [0.5, "██  "],
  [1, "████"],
  [7, "████"],
] as const)("a bar that is %d full", (share, wanted) => expect(bar(share, 4)).toBe(wanted));

test("columns fill their area, the newest at the right", () => {
  const screen = new Screen(4, 2);
  drawColumns(screen.area(), [16, 8, 1]);
  expect(screen.lines()).toEqual([" █", " ██▁"]);
});
