import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { EventPage } from "#schema/api.ts";
import type { DetectorsAnswer } from "#schema/detector.ts";
import { shelfPlugins } from "#schema/shelves.generated.ts";
import { type Running, start, temporary, until } from "./oddwire.ts";
import { scanFile } from "./traffic.ts";

const scanner = "10.0.0.5";
const machines = Array.from({ length: 3 }, (_, i) => [10, 0, 0, 20 + i]);
const folder = temporary();
const capture = folder.at("scan.pcap");
// The scanner begins when there was time to change something.
beforeAll(() => writeFileSync(capture, scanFile([10, 0, 0, 5], machines, 80, 600)));
afterAll(() => folder[Symbol.dispose]());

const detectors = shelfPlugins.flatMap((plugin) => plugin.detectors.map(({ name }) => name));

async function replay(
  out: string,
  options: readonly string[],
  settings: readonly string[] = [],
): Promise<{ readonly running: Running; readonly url: string }> {
  const all = ["api.listen=127.0.0.1:0", ...settings].flatMap((setting) => ["--set", setting]);
  const running = start([...options, "replay", capture, "-o", out, "--speed", "60x", ...all]);
  const [, url = ""] = await running.says(/(http:\/\/[\w.:]+)/);
  return { running, url };
}

const ask = async <T>(url: string, path: string): Promise<T> => (await (await fetch(`${url}/api/v1/${path}`)).json()) as T;
const change = async (url: string, method: string, path: string, body: object): Promise<number> =>
  (await fetch(`${url}/api/v1/detectors/${path}`, { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) }))
    .status;
const told = async (url: string): Promise<boolean> =>
  (await ask<EventPage>(url, "findings")).events.some(({ src_ip }) => src_ip === scanner);
const isOver = async (url: string): Promise<boolean> =>
  (await ask<{ count?: number }>(url, "flows/count")).count === machines.length * 80 + 2;
const rowOf = async (url: string, name: string) =>
  (await ask<DetectorsAnswer>(url, "detectors")).detectors.find((row) => row.name === name);

async function end(running: Running): Promise<void> {
  running.process.kill("SIGINT");
  await running.ended;
}

test("a detector that is switched on while nothing was listened to hears what comes from then on, and stays on over a restart", async () => {
  const out = folder.at("on");
  const off = detectors.map((name) => `${name}.enabled=false`);
  const { running, url } = await replay(out, [], off);
  expect((await ask<DetectorsAnswer>(url, "detectors")).detectors.filter(({ enabled }) => enabled)).toEqual([]);
  expect(await change(url, "PATCH", "scan", { on: true })).toBe(200);
  expect(await until(() => told(url), 60_000)).toBe(true);
  expect(await rowOf(url, "scan")).toMatchObject({ enabled: true, configured: false, changed: true });
  expect((await rowOf(url, "scan"))?.findings).toBeGreaterThan(0);
  await end(running);
  const again = await replay(out, [], off);
  expect(await rowOf(again.url, "scan")).toMatchObject({ enabled: true, changed: true });
  await end(again.running);
}, 180_000);

test("a threshold of the page holds at once: the scanner stays below it", async () => {
  const { running, url } = await replay(folder.at("set"), [], ["scan.enabled=true"]);
  const settings = (await rowOf(url, "scan"))?.settings.map(({ name }) => name) ?? [];
  expect(settings).toContain("targets-min");
  for (const name of ["scan", "slow-scan", "distributed-scan"]) expect(await change(url, "PATCH", name, { on: name === "scan" })).toBe(200);
  expect(await change(url, "PUT", "scan/settings/targets-min", { value: "5000" })).toBe(200);
  expect(await until(() => isOver(url), 60_000)).toBe(true);
  expect(await told(url)).toBe(false);
  await end(running);
});

test("the configuration's file is loaded anew when it changes, and a bad one is refused while the old one stays", async () => {
  const file = folder.at("oddwire.yaml");
  writeFileSync(file, "stats: { interval-s: 30 }\n");
  const { running, url } = await replay(folder.at("file"), ["--config", file]);
  writeFileSync(file, "scan:\n  enabled: perhaps\n");
  await running.says(/not loaded anew: .*oddwire\.yaml:2: perhaps is neither true nor false/);
  expect(await rowOf(url, "scan")).toMatchObject({ enabled: true });
  writeFileSync(file, `${["scan", "slow-scan", "distributed-scan"].map((name) => `${name}: { enabled: false }`).join("\n")}\n`);
  await running.says(/configuration loaded anew: from now on .*scan\.enabled/);
  expect(await rowOf(url, "scan")).toMatchObject({ enabled: false, configured: false, changed: false });
  expect(await until(() => isOver(url), 60_000)).toBe(true);
  await end(running);
});
