import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeScenario } from "#capture/scenario/write-scenario.ts";
import { chosen, withoutCorpora } from "./corpora.ts";
import { parseLines, temporary } from "./oddwire.ts";
import { eventsIn, reading } from "./reading.ts";
import { complaints } from "./schema-complaints.ts";
import { trafficFile } from "./traffic.ts";

const captures = 150;

describe("every event is as the published schema says", () => {
  const folder = temporary();
  afterAll(() => folder[Symbol.dispose]());
  beforeAll(() => {
    writeFileSync(folder.at("traffic.pcap"), trafficFile(200));
    writeScenario(folder.at("scenario.pcap"), { seed: 3, seconds: 300 });
  });

  test("a member that is not declared is found", async () => {
    const run = await reading([folder.at("traffic.pcap")]);
    const changed = run.eve.toString().replace('"pkt_src":', '"no_such_member":1,"pkt_src":');
    expect(complaints(parseLines(changed))).toEqual([expect.stringContaining("no_such_member")]);
  });

  test.each(["traffic.pcap", "scenario.pcap"])("%s", async (name) => {
    const run = await reading([folder.at(name)]);
    expect(complaints(eventsIn(run))).toEqual([]);
    expect(run.bugs).toEqual([]);
  });

  test.skipIf(withoutCorpora !== undefined)(
    `real captures${withoutCorpora === undefined ? "" : ` (skipped: ${withoutCorpora})`}`,
    async () => {
      const bad: string[] = [];
      for (const { path, file } of chosen(captures, () => true)) {
        const run = await reading([path]);
        bad.push(...[...complaints(eventsIn(run)), ...run.bugs].map((text) => `${file}: ${text}`));
      }
      expect(bad).toEqual([]);
    },
    60_000,
  );
});
