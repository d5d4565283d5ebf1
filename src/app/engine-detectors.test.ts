import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { defineDetector } from "#contract/plugin.ts";
import { type Config, defaultConfig } from "#schema/config.ts";
import { decimal, integer, list } from "#schema/config-key.ts";
import { temporary } from "#test/e2e/oddwire.ts";
import { EngineDetectors } from "./engine-detectors.ts";
import { allPlugins } from "./plugins.ts";

const [scan] = allPlugins.flatMap((plugin) => plugin.detectors ?? []).filter(({ name }) => name === "scan");
const risk = allPlugins.flatMap((plugin) => plugin.detectors ?? []).filter(({ name }) => name === "host-risk");

const log = (): void => undefined;

function open(directory: string, sources?: { readonly file: string }) {
  const used: Config[] = [];
  const said: string[] = [];
  const allowed: (readonly string[])[] = [];
  const detectors = new EngineDetectors({
    config: { ...defaultConfig },
    sources: sources === undefined ? undefined : { ...sources, environment: {} },
    directory,
    detectors: [...(scan === undefined ? [] : [scan]), ...risk],
    engine: () => ({
      configure: (config) => {
        used.push(config);
        return [];
      },
      detection: { told: new Map([["scan", 3]]), benched: ["host-risk"] },
    }),
    onAllow: (entries) => allowed.push(entries),
    log: (text) => said.push(text),
  });
  const of = (name: string): unknown => (used.at(-1) as unknown as Record<string, unknown> | undefined)?.[name];
  return { detectors, used, said, allowed, of };
}

test("all are told with their settings", () => {
  using folder = temporary();
  const { detectors } = open(folder.path).detectors.list();
  expect(detectors).toMatchObject([
    { name: "scan", enabled: true, changed: false, findings: 3, benched: false },
    { name: "host-risk", enabled: true, benched: true, settings: [{ name: "threshold-risk", default: "1", value: "1" }, {}, {}] },
  ]);
});

test("a switch and a threshold hold at once and over a restart, until they are reset", () => {
  using folder = temporary();
  const first = open(folder.path);
  expect(first.detectors.switch("scan", false)).toMatchObject({ enabled: false, configured: true, changed: true });
  expect(first.detectors.set("host-risk", "threshold-risk", "2.5").settings[0]).toMatchObject({
    value: "2.5",
    configured: "1",
    changed: true,
  });
  expect([first.of("scan.enabled"), first.of("host-risk.threshold-risk")]).toEqual([false, 2.5]);
  const second = open(folder.path);
  expect(second.detectors.config).toMatchObject({ "scan.enabled": false, "host-risk.threshold-risk": 2.5 });
  expect(second.detectors.reset("host-risk", "threshold-risk").settings[0]).toMatchObject({ value: "1", changed: false });
  expect(second.detectors.reset("scan")).toMatchObject({ enabled: true, changed: false });
  expect(second.of("scan.enabled")).toBe(true);
  expect(
    open(folder.path)
      .detectors.list()
      .detectors.some(({ changed }) => changed),
  ).toBe(false);
});

test.each<[string, (detectors: EngineDetectors) => void, string]>([
  ["a detector that there is not", (detectors) => detectors.switch("scam", true), "did you mean scan?"],
  ["a setting that there is not", (detectors) => detectors.set("host-risk", "threshold", "1"), "settings of host-risk: threshold-risk"],
  ["a switch as a setting", (detectors) => detectors.set("host-risk", "enabled", "true"), "settings of host-risk"],
  ["what is no number", (detectors) => detectors.set("host-risk", "threshold-risk", "many"), "many is no number"],
  ["what is too little", (detectors) => detectors.set("host-risk", "threshold-risk", "0"), "0 is not between 0.05"],
])("%s is refused, and nothing changes", (_case, change, said) => {
  using folder = temporary();
  const { detectors, used } = open(folder.path);
  expect(() => change(detectors)).toThrow(said);
  expect([used.length, existsSync(folder.at("detectors.json"))]).toEqual([0, false]);
});

test("without an engine nothing is changed", () => {
  using folder = temporary();
  const detectors = new EngineDetectors({
    config: defaultConfig,
    directory: folder.path,
    detectors: risk,
    engine: () => undefined,
    onAllow: log,
    log,
  });
  expect(detectors.list()).toMatchObject({ running: false, detectors: [{ name: "host-risk", findings: 0 }] });
  expect(() => detectors.switch("host-risk", false)).toThrow(expect.objectContaining({ code: "ODW_ENGINE_ABSENT" }));
});

test("of a file with nonsense the rest is used, a damaged one is put aside", () => {
  using folder = temporary();
  const kept = { "scan.enabled": false, "scan.no-such": 1, "host-risk.threshold-risk": "much", "dns.enabled": false };
  writeFileSync(folder.at("detectors.json"), JSON.stringify({ version: 1, detectors: kept }));
  const { detectors, said } = open(folder.path);
  expect(detectors.config["scan.enabled" as keyof Config]).toBe(false);
  expect(said).toHaveLength(3);
  detectors.switch("host-risk", false);
  writeFileSync(folder.at("detectors.json"), readFileSync(folder.at("detectors.json"), "utf8").replace("false", "true"));
  const damaged = open(folder.path);
  expect(damaged.said.join("\n")).toContain("detectors go by the configuration");
  expect(damaged.detectors.config["scan.enabled" as keyof Config]).toBe(true);
});

test("the configuration's file is loaded anew: what can be holds at once, the rest is named, changes of the page go before", async () => {
  using folder = temporary();
  const file = folder.at("oddwire.yaml");
  writeFileSync(file, "host-risk: { threshold-risk: 3 }\n");
  const { detectors, of, said, allowed } = open(folder.path, { file });
  detectors.switch("scan", false);
  writeFileSync(file, "host-risk: { threshold-risk: 4 }\nscan: { enabled: true }\ndetect: { allow: [10.0.0.5] }\nengine: { workers: 3 }\n");
  await detectors.reload();
  expect([of("host-risk.threshold-risk"), of("scan.enabled"), allowed]).toEqual([4, false, [["10.0.0.5"]]]);
  expect(said.at(-1)).toMatch(/from now on .*detect\.allow.*at the next start engine\.workers/);
});

test("a bad configuration is refused whole with line and reason, and the old one stays", async () => {
  using folder = temporary();
  const file = folder.at("oddwire.yaml");
  writeFileSync(file, "host-risk:\n  threshold-risk: 4\n  causes-min: many\n");
  const { detectors, used, said } = open(folder.path, { file });
  await detectors.reload();
  expect(used).toEqual([]);
  expect(said.at(-1)).toMatch(/not loaded anew: .*oddwire\.yaml:3: many is no integer/);
  expect(detectors.config).toMatchObject({ "host-risk.threshold-risk": 1 });
});

test("settings of every type are told and set as texts", () => {
  using folder = temporary();
  const definition = defineDetector({
    name: "scan",
    summary: "s",
    category: "scan",
    settings: { a: integer(1, "s", "A."), b: decimal(0.5, "", "B."), c: list(["x"], "C.") },
    create: () => ({}),
  });
  const engine = { configure: () => [], detection: { told: new Map<string, number>(), benched: [] } };
  const detectors = new EngineDetectors({
    config: defaultConfig,
    directory: folder.path,
    detectors: [definition],
    engine: () => engine,
    onAllow: log,
    log,
  });
  expect(detectors.list().detectors[0]?.settings.map(({ type, value }) => [type, value])).toEqual([
    ["integer", "1"],
    ["number", "0.5"],
    ["list", "x"],
  ]);
});
