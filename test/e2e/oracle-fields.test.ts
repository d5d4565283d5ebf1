import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { judgeArkime } from "#test/oracle/arkime.ts";
import { expectedOf, type Judge } from "#test/oracle/judged.ts";
import { judgeNdpi } from "#test/oracle/ndpi.ts";
import { judgeZeek } from "#test/oracle/zeek.ts";
import { corpus, withoutCorpora } from "./corpora.ts";
import { eventsIn, reading } from "./reading.ts";

/** Rows of docs/disagreements.md: tool, capture, what (the first words of the questions, with commas between). */
const explained = readFileSync(join(import.meta.dirname, "../../docs/disagreements.md"), "utf8")
  .split("\n")
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .filter((cells) => cells.length === 6 && cells[1] !== "tool" && !cells[1]?.startsWith("-"))
  .map(([, tool = "", capture = "", what = ""]) => ({ tool, capture, what: what.split(",").map((word) => word.trim()) }));

const isExplained = (tool: string, file: string, question: string): boolean =>
  explained.some((row) => row.tool === tool && file.includes(row.capture) && row.what.some((word) => question.startsWith(word)));

describe.skipIf(withoutCorpora !== undefined)(
  `fields of other tools${withoutCorpora === undefined ? "" : ` (skipped: ${withoutCorpora})`}`,
  () => {
    test.each<[string, number, Judge]>([
      ["arkime", 0.95, judgeArkime],
      ["zeek", 0.9, judgeZeek],
      ["ndpi", 0.85, judgeNdpi],
    ])(
      "%s: at least %d, and every difference is explained",
      async (tool, share, judge) => {
        let passed = 0;
        const failed: string[] = [];
        const strange: string[] = [];
        for (const file of corpus().filter((one) => expectedOf(one, tool) !== undefined)) {
          const events = eventsIn(await reading([file.path], { settings: ["capture.checksum-validation=no"] }));
          for (const { what, wanted, got, holds } of judge(file, events)) {
            if (holds) passed++;
            else failed.push(`${file.file}: ${what}`);
            if (!holds && !isExplained(tool, file.file, what)) strange.push(`${file.file}: ${what}: ${wanted} is not in ${got}`);
          }
        }
        expect(passed + failed.length).toBeGreaterThan(100);
        expect(passed / (passed + failed.length), failed.slice(0, 20).join("\n")).toBeGreaterThanOrEqual(share);
        expect(strange).toEqual([]);
      },
      180_000,
    );
  },
);
