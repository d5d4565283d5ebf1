import { describe, expect, test } from "vitest";
import { corpus, withoutCorpora } from "./corpora.ts";
import { eventsIn, reading } from "./reading.ts";

/** Longest that one capture may take, ms; the slowest takes a hundredth of it on a quiet machine. */
const readingMsMax = 15_000;

describe.skipIf(withoutCorpora !== undefined)(
  `every real capture${withoutCorpora === undefined ? "" : ` (skipped: ${withoutCorpora})`}`,
  () => {
    test("is read to its end without an exception in a parser, a hang, or a line that is no JSON", async () => {
      const wrong: string[] = [];
      for (const file of corpus()) {
        const started = performance.now();
        const read = await reading([file.path], { settings: ["capture.checksum-validation=no"] });
        const took = performance.now() - started;
        if (read.bugs.length > 0) wrong.push(`${file.file}: ${read.bugs[0]}`);
        if (took > readingMsMax) wrong.push(`${file.file}: ${Math.round(took)} ms`);
        if (file.packets !== null && read.summary.packets !== file.packets)
          wrong.push(`${file.file}: ${read.summary.packets} of ${file.packets} packets`);
        if (eventsIn(read).at(-1)?.event_type !== "stats") wrong.push(`${file.file}: no stats at the end`);
      }
      expect(wrong).toEqual([]);
    }, 600_000);
  },
);
