import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { SqlitePlayerMarks } from "./player-marks.ts";

const folder = mkdtempSync(join(tmpdir(), "oddwire-marks-"));
const path = join(folder, "players.db");
afterAll(() => rmSync(folder, { recursive: true }));

test("what was said is there for whoever opens the file next, and a mark that says nothing is forgotten", () => {
  {
    using marks = new SqlitePlayerMarks(path, false);
    expect(existsSync(path)).toBe(false);
    marks.put("lantern:1", { note: "sells gold" });
    marks.put("lantern:1", { watched: true });
    marks.put("lantern:2", { whitelisted: true });
    marks.put("lantern:3", { watched: true });
    marks.put("lantern:3", { watched: false });
  }
  using again = new SqlitePlayerMarks(path, true);
  expect(again.get("lantern:1")).toMatchObject({ note: "sells gold", watched: true, whitelisted: false });
  expect(
    again
      .all()
      .map(({ player }) => player)
      .toSorted(),
  ).toEqual(["lantern:1", "lantern:2"]);
});

test("a file that is no database is named", () => {
  const broken = join(folder, "broken.db");
  writeFileSync(broken, "these are no tables, and more than a hundred bytes of them ".repeat(20));
  expect(() => new SqlitePlayerMarks(broken, true)).toThrow(/broken\.db/);
});

test("a change that cannot be kept is refused and not believed", () => {
  using marks = new SqlitePlayerMarks(join(folder, "missing", "players.db"), false);
  expect(() => marks.put("lantern:1", { watched: true })).toThrow(expect.objectContaining({ code: "ODW_OUT_UNWRITABLE" }));
  expect(marks.get("lantern:1")).toBeUndefined();
});
