import { describe, expect, test } from "vitest";
import { isAttackCategory } from "#schema/finding.ts";
import { corpus, withoutCorpora } from "#test/e2e/corpora.ts";
import { eventsIn, reading } from "#test/e2e/reading.ts";

/** Categories of what was found in the one capture whose name holds a text. */
async function categoriesIn(part: string): Promise<string[]> {
  const file = corpus().find(({ path }) => path.includes(part));
  if (file === undefined) return ["no such capture"];
  const events = eventsIn(await reading([file.path]));
  const found = events.flatMap(({ event_type, ...members }) =>
    event_type === "finding" ? [(members["finding"] as { category: "c2" }).category] : [],
  );
  return [...new Set(found.filter(isAttackCategory))].toSorted();
}

describe.skipIf(withoutCorpora !== undefined)("real captures of masters and their programs", () => {
  test.each([
    ["a call over HTTPS every two seconds", "test-cc-capture-1", ["beacon"]],
    ["DcRat's certificate", "zeek-asyncrat-detector-30a385ed", ["c2"]],
    ["a certificate that a remote-access tool made for itself", "zeek-asyncrat-detector-9596cf60", ["c2"]],
    ["AsyncRAT's certificate", "zeek-asyncrat-detector-cd010953", ["c2"]],
    ["a form for a stealer's panel", "zeek-agenttesla-detector-0e328ab7", ["c2"]],
    ["passwords in a mail", "zeek-agenttesla-detector-a30789ce", ["exfiltration"]],
    ["STRRAT's words, every five seconds", "zeek-strrat-detector", ["beacon", "c2"]],
    ["Turkojan's words", "packets-ratinfected", ["c2"]],
    ["a payload, and the shell that it opens", "packets-aurora", ["c2", "exploit"]],
  ])("%s", async (_case, part, expected) => {
    expect(await categoriesIn(part)).toEqual(expected);
  });
});
