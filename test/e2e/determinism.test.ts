import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeScenario } from "#capture/scenario/write-scenario.ts";
import { chosen, withoutCorpora } from "./corpora.ts";
import { temporary } from "./oddwire.ts";
import { firstDifference, type Reading, type ReadingOptions, reading } from "./reading.ts";
import { trafficFile } from "./traffic.ts";

/** What must not change a byte of the result. */
const variants: readonly (readonly [string, ReadingOptions])[] = [
  ["two workers", { settings: ["engine.workers=2"] }],
  ["four workers", { settings: ["engine.workers=4"] }],
  ["another seed", { settings: ["engine.seed=4711"] }],
  ["blocks that are overwritten when they are given back", { poison: true }],
  ["two workers, another seed, blocks that are overwritten", { settings: ["engine.workers=2", "engine.seed=815"], poison: true }],
];
/** Captures that are read as one run. */
const perRun = 10;
const captures = 50;

/** What differs from a plain run on one worker; the counters in the `stats` event have to be the same, too. */
async function differences(files: readonly string[]): Promise<string[]> {
  const reference = await reading(files);
  const found: string[] = [];
  for (const [name, options] of variants) {
    const other: Reading = await reading(files, options);
    const difference = firstDifference(reference.eve, other.eve);
    if (difference !== undefined) found.push(`${files.join(" ")}, ${name}: ${difference}`);
  }
  return found;
}

describe("the same capture gives the same bytes whatever the workers, the seed and the memory", () => {
  const folder = temporary();
  afterAll(() => folder[Symbol.dispose]());
  beforeAll(() => {
    writeFileSync(folder.at("traffic.pcap"), trafficFile(2000));
    writeScenario(folder.at("scenario.pcap"), { seed: 7, seconds: 120 });
  });

  test("ordinary traffic", async () => {
    expect(await differences([folder.at("traffic.pcap")])).toEqual([]);
  });

  test("traffic whose messages are spread over blocks", async () => {
    writeFileSync(folder.at("spread.pcap"), trafficFile(1500, 3000, 400_000));
    expect(await differences([folder.at("spread.pcap")])).toEqual([]);
  });

  test("the scenario", async () => {
    expect(await differences([folder.at("scenario.pcap")])).toEqual([]);
  });

  const files = chosen(captures, () => true);
  const runs = Array.from({ length: Math.ceil(files.length / perRun) }, (_, i) => files.slice(i * perRun, (i + 1) * perRun));
  test
    .skipIf(withoutCorpora !== undefined)
    .each(withoutCorpora === undefined ? runs.map((run, i) => [i + 1, run] as const) : [[0, []] as const])(
    `real captures, part %i${withoutCorpora === undefined ? "" : ` (skipped: ${withoutCorpora})`}`,
    async (_part, run) => {
      expect(await differences(run.map((file) => file.path))).toEqual([]);
    },
    60_000,
  );
});
