import { afterAll, beforeAll, expect, test } from "vitest";
import { writeScenario } from "#capture/scenario/write-scenario.ts";
import { oddwire, temporary } from "./oddwire.ts";

const folder = temporary();
afterAll(() => folder[Symbol.dispose]());
beforeAll(() => void writeScenario(folder.at("scenario.pcap"), { seed: 7, seconds: 120 }));

test("other settings are tried on a capture, and what would go is named", async () => {
  const run = await oddwire(["backtest", folder.at("scenario.pcap"), "--try", "scan.enabled=false", "--json"]);
  expect(run.err).toBe("");
  const { detectors } = JSON.parse(run.out) as {
    detectors: { detector: string; now: number; tried: number; lost: { title: string }[] }[];
  };
  const scan = detectors.find(({ detector }) => detector === "scan");
  expect(scan?.now).toBeGreaterThan(0);
  expect(scan?.tried).toBe(0);
  expect(scan?.lost[0]?.title).toContain("ports");
});

test("a setting that there is not is said, with what is meant", async () => {
  const run = await oddwire(["backtest", folder.at("scenario.pcap"), "--try", "brute-force.failure-min=3"]);
  expect(run.err).toContain("brute-force.failures-min");
});
