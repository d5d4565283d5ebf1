import type { Found } from "./keyword-run.ts";
import { verdictOf } from "./keyword-verdicts.ts";
import { naiveWords } from "./naive-words.ts";

/** What the searches found in one capture. */
export interface CaptureHits {
  readonly name: string;
  readonly category: string;
  readonly sha256: string;
  readonly keywords: readonly Found[];
  readonly naive: readonly Found[];
}

/** Alerts that hold, and that do not, over captures. */
export interface Score {
  readonly held: number;
  readonly wrong: number;
}

export const percent = ({ held, wrong }: Score): string => (held + wrong === 0 ? "–" : `${((100 * held) / (held + wrong)).toFixed(1)} %`);

/** One row of the table: hits of one keyword in one capture. */
interface Row {
  readonly capture: CaptureHits;
  readonly keyword: string;
  readonly place: string;
  readonly hits: number;
  readonly sample: string;
}

export function rowsOf(captures: readonly CaptureHits[]): readonly Row[] {
  return captures.flatMap((capture) =>
    [...Map.groupBy(capture.keywords, ({ name, buffer }) => `${name}\0${buffer}`).values()].map((found) => {
      const [first] = found as [Found];
      return { capture, keyword: first.name, place: first.buffer, hits: found.length, sample: first.matched };
    }),
  );
}

/** Alerts, rows of the table, and pairs of capture and keyword that nobody has judged. */
export function score(rows: readonly Row[]): { readonly alerts: Score; readonly rows: Score; readonly unjudged: readonly string[] } {
  let [held, wrong, heldRows, wrongRows] = [0, 0, 0, 0];
  const unjudged: string[] = [];
  for (const { capture, keyword, hits } of rows) {
    const verdict = verdictOf(capture.name, keyword);
    if (verdict === undefined) unjudged.push(`${capture.name}: ${keyword}`);
    else if (verdict.isTrue) [held, heldRows] = [held + hits, heldRows + 1];
    else [wrong, wrongRows] = [wrong + hits, wrongRows + 1];
  }
  return { alerts: { held, wrong }, rows: { held: heldRows, wrong: wrongRows }, unjudged };
}

/**
 * The same words as bare substrings: a pair of flow and word holds when a keyword of the flow does. That is generous:
 * "select" in an attack's other header counts, too.
 */
export function naiveScore(captures: readonly CaptureHits[]): { readonly pairs: Score; readonly captures: Score } {
  let [held, wrong, heldCaptures, wrongCaptures] = [0, 0, 0, 0];
  for (const { name, keywords, naive } of captures) {
    const attacked = new Set(keywords.filter((found) => verdictOf(name, found.name)?.isTrue === true).map(({ flow }) => flow));
    const good = naive.filter(({ flow }) => attacked.has(flow)).length;
    [held, wrong] = [held + good, wrong + naive.length - good];
    if (naive.length > 0 && attacked.size > 0) heldCaptures++;
    else if (naive.length > 0) wrongCaptures++;
  }
  return { pairs: { held, wrong }, captures: { held: heldCaptures, wrong: wrongCaptures } };
}

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("`", "'");

/** The page `docs/keyword-hits.md`. */
export function hitsPage(captures: readonly CaptureHits[]): string {
  const rows = rowsOf(captures);
  const own = score(rows);
  const naive = naiveScore(captures);
  const lines = rows.map(({ capture, keyword, place, hits, sample }) => {
    const verdict = verdictOf(capture.name, keyword);
    const judged = verdict === undefined ? "not judged" : verdict.isTrue ? "true" : "false";
    return `| ${capture.category} | ${capture.name} (${capture.sha256.slice(0, 8)}) | ${cell(keyword)} | ${place} | ${hits} | \`${cell(sample).slice(0, 60)}\` | ${judged} | ${cell(verdict?.reason ?? "")} |`;
  });
  return `# Hits of the default keywords in real captures

Written by \`node tools/run.mjs test/bench/keywords.ts\`; \`--check\` says whether it is current. It reads
${captures.length} captures of ordinary and hostile traffic with \`rules/keywords.txt\`, and beside it looks for ${naiveWords.length} bare
substrings in each packet (${naiveWords.map((word) => `\`${word}\``).join(" ")}), without regard to case.

| search | found | true | precision |
|---|---|---|---|
| keywords in their place, alerts (once a flow) | ${own.alerts.held + own.alerts.wrong} | ${own.alerts.held} | ${percent(own.alerts)} |
| the same, by capture and keyword | ${own.rows.held + own.rows.wrong} | ${own.rows.held} | ${percent(own.rows)} |
| bare substrings, pairs of flow and word | ${naive.pairs.held + naive.pairs.wrong} | ${naive.pairs.held} | ${percent(naive.pairs)} |
| the same, captures with any | ${naive.captures.held + naive.captures.wrong} | ${naive.captures.held} | ${percent(naive.captures)} |

A bare substring counts as true when some keyword of the same flow is, which is generous. Most of what the keywords say
comes from one scan; the second line counts each keyword of a capture once.

| category | capture | keyword | place | hits | sample | verdict | reason |
|---|---|---|---|---|---|---|---|
${lines.join("\n")}
`;
}
