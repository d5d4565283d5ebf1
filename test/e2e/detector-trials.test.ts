import { mkdirSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { KeptTrials } from "#app/detector-trials.ts";
import { defaultConfig } from "#schema/config.ts";
import type { DetectorTrial } from "#schema/detector.ts";
import { start, temporary, until } from "./oddwire.ts";
import { scanFile } from "./traffic.ts";

const folder = temporary();
const capture = folder.at("scan.pcap");
const machines = Array.from({ length: 3 }, (_, i) => [10, 0, 0, 20 + i]);
beforeAll(() => writeFileSync(capture, scanFile([10, 0, 0, 5], machines, 80)));
afterAll(() => folder[Symbol.dispose]());

const isSetting = (key: string): boolean => key.startsWith("scan.");
const trialsOn = (paths: readonly string[], allowed: readonly string[] = []): KeptTrials =>
  new KeptTrials({ config: () => defaultConfig, allowed: () => allowed, paths, isSetting });

test("over the API: what a threshold would change is said, one trial at a time", async () => {
  const running = start(["replay", capture, "-o", folder.at("out"), "--speed", "max", "--listen", "127.0.0.1:0"]);
  const [, url = ""] = await running.says(/(http:\/\/[\w.:]+)/);
  const ask = async (method: string, body?: object): Promise<Response> =>
    fetch(`${url}/api/v1/trials/detectors`, {
      method,
      ...(body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
  const state = async (): Promise<DetectorTrial> => (await (await ask("GET")).json()) as DetectorTrial;
  expect((await state()).state).toBe("none");
  expect((await ask("POST", { settings: "scan.no-such=1" })).status).toBe(400);
  expect((await ask("POST", { settings: "scan.targets-min=many" })).status).toBe(400);
  expect(await (await ask("POST", { settings: "scan.targets-min=5000\nslow-scan.enabled=false" })).json()).toMatchObject({
    state: "running",
  });
  expect((await ask("POST", { settings: "scan.targets-min=6000" })).status).toBe(503);
  expect(await until(async () => (await state()).state !== "running", 120_000)).toBe(true);
  const { state: end, report, settings } = await state();
  expect([end, settings, report?.captures, report?.truncated]).toEqual([
    "done",
    ["scan.targets-min=5000", "slow-scan.enabled=false"],
    1,
    false,
  ]);
  const scan = report?.detectors.find(({ detector }) => detector === "scan");
  expect(scan).toMatchObject({ tried: 0, added: [] });
  expect(scan?.now).toBeGreaterThan(0);
  expect(scan?.lost[0]?.title).toContain("10.0.0.5");
  expect(await (await ask("DELETE")).json()).toEqual({ state: "none", settings: [] });
  running.process.kill("SIGINT");
  await running.ended;
}, 180_000);

test("one that is cancelled makes room for the next; who is allowed is allowed there, too", async () => {
  await using trials = trialsOn([capture], ["10.0.0.5"]);
  expect(trials.begin(["scan.targets-min=10"]).state).toBe("running");
  expect(() => trials.begin(["scan.targets-min=11"])).toThrow("another trial");
  expect(trials.cancel().state).toBe("none");
  const again = (): boolean => {
    try {
      return trials.begin(["scan.targets-min=12"]).state === "running";
    } catch {
      return false;
    }
  };
  expect(await until(again)).toBe(true);
  expect(await until(() => trials.state().state !== "running", 120_000)).toBe(true);
  expect(trials.state()).toMatchObject({ state: "done", settings: ["scan.targets-min=12"] });
  expect(trials.state().report?.detectors.filter(({ detector }) => detector === "scan")).toEqual([]);
}, 180_000);

test("one that fails says why", async () => {
  const broken = folder.at("broken.pcap");
  writeFileSync(broken, "this is no capture");
  await using trials = trialsOn([broken]);
  trials.begin(["scan.targets-min=10"]);
  expect(await until(() => trials.state().state !== "running", 60_000)).toBe(true);
  expect(trials.state()).toMatchObject({ state: "failed", cause: expect.stringContaining("is no capture file") });
});

test.each<[string, readonly string[], readonly string[], string]>([
  ["no packets are kept", [folder.at("nowhere")], ["scan.targets-min=10"], "ODW_TRIAL_ABSENT"],
  ["the folder is empty", [folder.at("empty")], ["scan.targets-min=10"], "ODW_TRIAL_ABSENT"],
  ["nothing is to be tried", [], [], "ODW_SETTING_BAD"],
  ["it is too much", [], Array.from({ length: 21 }, () => "scan.targets-min=10"), "ODW_SETTING_BAD"],
  ["it is no setting", [], ["api.listen=0.0.0.0:80"], "ODW_SETTING_BAD"],
  ["it has no value", [], ["scan.enabled"], "ODW_SETTING_BAD"],
])("where %s, that is said", (_case, paths, settings, code) => {
  mkdirSync(folder.at("empty"), { recursive: true });
  expect(() => trialsOn(paths).begin(settings)).toThrow(expect.objectContaining({ code }));
});
