/**
 * `node tools/run.mjs test/bench/keywords.ts [--check] [--scenario]`: what the default list of keywords finds in the
 * captures of $ODDWIRE_CORPORA/dev, written to docs/keyword-hits.md with the verdict of each hit, beside a search for
 * bare substrings. `--check` compares only. `--scenario` prints precision and recall on words that the scenario plants.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { corpus, withoutCorpora } from "#test/e2e/corpora.ts";
import { searchFile } from "./keyword-run.ts";
import { scenarioText } from "./keyword-scenario.ts";
import { type CaptureHits, hitsPage, percent, rowsOf, score } from "./keyword-table.ts";

const page = join(import.meta.dirname, "../../docs/keyword-hits.md");
const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Reads all captures in an order that does not change. */
async function allHits(): Promise<readonly CaptureHits[]> {
  const hits: CaptureHits[] = [];
  for (const { path, file, category, sha256 } of corpus().toSorted((a, b) => (a.file < b.file ? -1 : 1))) {
    try {
      hits.push({ name: file.slice(file.lastIndexOf("/") + 1), category, sha256, ...(await searchFile(path)) });
    } catch (error) {
      process.stderr.write(`${file}: ${(error as Error).message}\n`);
    }
  }
  return hits;
}

const { values } = parseArgs({ options: { check: { type: "boolean" }, scenario: { type: "boolean" } } });
say(await scenarioText());
if (values.scenario !== true) {
  if (withoutCorpora !== undefined) throw new Error(withoutCorpora);
  const hits = await allHits();
  const { alerts, unjudged } = score(rowsOf(hits));
  const text = hitsPage(hits);
  say(`real captures: ${alerts.held + alerts.wrong} alerts, precision ${percent(alerts)}`);
  for (const one of unjudged) say(`not judged: ${one}`);
  if (values.check === true) {
    const isCurrent = readFileSync(page, "utf8") === text;
    say(isCurrent ? "docs/keyword-hits.md is current" : "docs/keyword-hits.md is not current: run it without --check");
    process.exitCode = isCurrent && unjudged.length === 0 ? 0 : 1;
  } else writeFileSync(page, text);
}
