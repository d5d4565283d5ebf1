import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeScenario } from "#capture/scenario/write-scenario.ts";
import { chosen, withoutCorpora } from "./corpora.ts";
import { temporary } from "./oddwire.ts";
import { eventsIn, type Reading, reading } from "./reading.ts";
import { trafficFile } from "./traffic.ts";

const captures = 150;
/** Events of one capture that are looked at. */
const eventsMax = 20_000;

const published = JSON.parse(readFileSync(join(import.meta.dirname, "../../docs/event-schema.json"), "utf8")) as { $defs: object };
/** Not ajv's own type, by which a wrong event would be of no type at all. */
type Validator = ((event: unknown) => boolean) & Pick<ValidateFunction, "errors">;
const validators = new Map<string, Validator>();
for (const [kind, schema] of Object.entries(published.$defs) as [string, object][])
  validators.set(kind, new Ajv2020({ allErrors: true, strict: false }).compile(schema));

/** What the published schema says against the events of a run: each complaint once, with the first event it met. */
function complaints(run: Reading): string[] {
  const found = new Map<string, string>();
  for (const event of eventsIn(run).slice(0, eventsMax)) {
    const validate = validators.get(event.event_type);
    if (validate === undefined) found.set(event.event_type, `no schema for ${event.event_type}`);
    else if (!validate(event))
      for (const { instancePath, message, params } of validate.errors ?? []) {
        const text = `${event.event_type}${instancePath.replaceAll(/\/\d+/g, "/N")} ${message} ${JSON.stringify(params)}`;
        if (!found.has(text)) found.set(text, `${text}: ${JSON.stringify(event).slice(0, 300)}`);
      }
  }
  return [...found.values()];
}

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
    expect(complaints({ ...run, eve: Buffer.from(changed) })).toEqual([expect.stringContaining("no_such_member")]);
  });

  test.each(["traffic.pcap", "scenario.pcap"])("%s", async (name) => {
    const run = await reading([folder.at(name)]);
    expect(complaints(run)).toEqual([]);
    expect(run.bugs).toEqual([]);
  });

  test.skipIf(withoutCorpora !== undefined)(
    `real captures${withoutCorpora === undefined ? "" : ` (skipped: ${withoutCorpora})`}`,
    async () => {
      const bad: string[] = [];
      for (const { path, file } of chosen(captures, () => true)) {
        const run = await reading([path]);
        bad.push(...[...complaints(run), ...run.bugs].map((text) => `${file}: ${text}`));
      }
      expect(bad).toEqual([]);
    },
    60_000,
  );
});
