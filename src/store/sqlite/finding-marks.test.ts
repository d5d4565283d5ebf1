import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { SqliteFindingMarks } from "./finding-marks.ts";

const folder = mkdtempSync(join(tmpdir(), "oddwire-findings-"));
const path = join(folder, "findings.db");
afterAll(() => rmSync(folder, { recursive: true }));
const facts = { detector: "port-scan", category: "scan", networks: ["10.0.0.0/16"], reasons: { doors: 40 } };

test("what was said is there for whoever opens the file next, and a mark that says nothing is forgotten", () => {
  {
    using marks = new SqliteFindingMarks(path, false);
    expect(existsSync(path)).toBe(false);
    marks.put("a1", { note: "our own scanner", who: "ann" }, facts);
    marks.put("a1", { state: "benign" }, facts);
    marks.put("a2", { state: "false" }, facts);
    marks.put("a3", { state: "seen" }, facts);
    marks.put("a3", { state: "new" }, facts);
  }
  using again = new SqliteFindingMarks(path, true);
  expect(again.get("a1")).toMatchObject({ state: "benign", note: "our own scanner", who: "ann" });
  expect(
    again
      .all()
      .map(({ finding }) => finding)
      .toSorted(),
  ).toEqual(["a1", "a2"]);
  expect(again.judged(10).toSorted((a, b) => (a.verdict < b.verdict ? -1 : 1))).toEqual([
    { verdict: "benign", facts },
    { verdict: "false", facts },
  ]);
  expect(again.judged(1)).toHaveLength(1);
});

test("a verdict that is taken back is none", () => {
  using marks = new SqliteFindingMarks(join(folder, "back.db"), false);
  marks.put("a1", { state: "false" }, facts);
  marks.put("a1", { state: "seen" }, facts);
  expect(marks.judged(10)).toEqual([]);
});

test("a file that is no database is named", () => {
  const broken = join(folder, "broken.db");
  writeFileSync(broken, "these are no tables, and more than a hundred bytes of them ".repeat(20));
  expect(() => new SqliteFindingMarks(broken, true)).toThrow(/broken\.db/);
});

test("a change that cannot be kept is refused and not believed", () => {
  using marks = new SqliteFindingMarks(join(folder, "missing", "findings.db"), false);
  expect(() => marks.put("a1", { state: "seen" }, facts)).toThrow(expect.objectContaining({ code: "ODW_OUT_UNWRITABLE" }));
  expect(marks.get("a1")).toBeUndefined();
});
