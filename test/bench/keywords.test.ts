import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { corpus, withoutCorpora } from "#test/e2e/corpora.ts";
import { searchFile } from "./keyword-run.ts";
import { measureScenario } from "./keyword-scenario.ts";
import { hitsPage, rowsOf, score } from "./keyword-table.ts";

const page = readFileSync("docs/keyword-hits.md", "utf8");
const tableOf = (text: string): string[] => text.split("\n").filter((line) => /^\| [a-z-]+ \| \S+ \([0-9a-f]{8}\) \|/.test(line));

test("of what the scenario plants, 95 % and more are found, and 95 % and more of the alerts are about it", {
  timeout: 240_000,
}, async () => {
  const { planted, found, right, beside, wrong } = await measureScenario();
  expect(planted).toBeGreaterThan(70);
  expect(found / planted).toBeGreaterThanOrEqual(0.95);
  expect((right + beside) / (right + beside + wrong)).toBeGreaterThanOrEqual(0.95);
});

test("the committed table says 95 % and more", () => {
  const shares = [...page.matchAll(/\| (?:keywords in their place|the same, by capture and keyword)[^|]*\| \d+ \| \d+ \| ([\d.]+) % \|/g)];
  expect(shares).toHaveLength(2);
  for (const [, share] of shares) expect(Number(share)).toBeGreaterThanOrEqual(95);
});

test.skipIf(withoutCorpora !== undefined)(
  `the rows of the committed table are what the captures still give${withoutCorpora === undefined ? "" : ` (skipped: ${withoutCorpora})`}`,
  { timeout: 120_000 },
  async () => {
    const hits = [];
    for (const { path, file, category, sha256 } of corpus().toSorted((a, b) => (a.file < b.file ? -1 : 1))) {
      const name = file.slice(file.lastIndexOf("/") + 1);
      if (page.includes(`| ${name} (${sha256.slice(0, 8)}) |`)) hits.push({ name, category, sha256, ...(await searchFile(path)) });
    }
    expect(hits.length).toBeGreaterThan(20);
    expect(tableOf(hitsPage(hits))).toEqual(tableOf(page));
    expect(score(rowsOf(hits)).unjudged).toEqual([]);
  },
);
