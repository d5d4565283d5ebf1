import { expect, test } from "vitest";
import { median } from "./measure.ts";
import { type Result, ratio, table } from "./report.ts";

const result = (name: string, walls: readonly number[]): Result => ({
  name,
  version: "1",
  command: `${name} FILE`,
  runs: walls.map((wall) => ({ wall, cpu: wall * 2, megabytes: 100 })),
  eveBytes: undefined,
});

test.each([
  ["an odd number", [3, 1, 2], 2],
  ["an even number", [4, 1, 2, 3], 2.5],
  ["one", [7], 7],
])("median of %s", (_case, values, expected) => expect(median(values)).toBe(expected));

test.each([
  ["a disturbed round disturbs both and changes nothing", [1, 10, 1], [4, 40, 4], 4],
  ["a single run is compared with the median", [1, 2, 3], [6], 3],
])("ratio: %s", (_case, base, other, expected) => {
  expect(ratio(result("other", other), result("base", base), "wall")).toBe(expected);
});

test("the table has every contender, also one that failed", () => {
  const text = table(
    [result("oddwire", [1]), result("rival", [4]), { ...result("broken", []), remark: "ended with exit code 3" }],
    2_000_000,
  );
  expect(text).toMatch(/^oddwire +1 +1 +1\.00 +2\.00 +100 +2\.00 +1\.00 +1\.00 +1\.00$/m);
  expect(text).toMatch(/^rival .* 4\.00 +4\.00 +1\.00$/m);
  expect(text).toContain("broken: ended with exit code 3");
});
