import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { OddwireEvent } from "#schema/event.ts";
import { temporary } from "./oddwire.ts";
import { eventsIn, firstDifference, type Reading, reading } from "./reading.ts";
import { scanFile } from "./traffic.ts";

const folder = temporary();
const capture = folder.at("scan.pcap");
afterAll(() => folder[Symbol.dispose]());
beforeAll(() => {
  const machines = Array.from({ length: 3 }, (_, i) => [10, 0, 0, 20 + i]);
  writeFileSync(capture, scanFile([10, 0, 0, 5], machines, 80));
  writeFileSync(folder.at("some.rules"), 'alert tcp any any -> any 22 (msg:"a door of SSH"; flags:S; priority:1; sid:7;)\n');
});

const read = (...settings: readonly string[]): Promise<Reading> =>
  reading([capture], { settings: [`rules.files=${folder.at("some.rules")}`, ...settings] });

const risks = (one: Reading): readonly OddwireEvent[] =>
  eventsIn(one).filter((event) => (event["finding"] as { readonly detector?: string } | undefined)?.detector === "host-risk");

test("a scanner that a rule has met too is told as a host at risk, with what made it", async () => {
  const [event] = risks(await read()).filter(({ src_ip }) => src_ip === "10.0.0.5");
  expect(event?.["finding"]).toMatchObject({ category: "observation", severity: "medium" });
  const { why } = (event as OddwireEvent)["finding"] as { readonly why: readonly { readonly feature: string }[] };
  expect(why[0]).toMatchObject({ feature: "risk", threshold: 1 });
  expect(why.map(({ feature }) => feature).join("\n")).toMatch(/rule 7: a door of SSH/);
});

test("the same on one worker and on three", async () => {
  const [one, three] = [await read("engine.workers=1"), await read("engine.workers=3")];
  expect(risks(one).length).toBeGreaterThan(0);
  expect(firstDifference(one.eve, three.eve)).toBeUndefined();
});

test.each([
  ["whoever is on the allow-list has no risk that is told", "detect.allow=10.0.0.5"],
  ["what is not told of a host does not count to its risk", "detect.allow=scan=10.0.0.5"],
  ["switched off, it says nothing", "host-risk.enabled=false"],
])("%s", async (_case, setting) => {
  expect(risks(await read(setting)).map(({ src_ip }) => src_ip)).not.toContain("10.0.0.5");
});
