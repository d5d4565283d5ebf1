import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { DetectorControl } from "#contract/detector-control.ts";
import type { DetectorTrials } from "#contract/detector-trials.ts";
import { OddwireError } from "#contract/errors.ts";
import { defaultConfig } from "#schema/config.ts";
import type { DetectorRow } from "#schema/detector.ts";
import type { SchemaNode } from "#schema/json-schema.ts";
import { answerSchemas } from "./answer-schemas.ts";
import { createApiServer } from "./server.ts";

const setting = {
  name: "window-s",
  doc: "Time.",
  unit: "s",
  type: "integer",
  min: 1,
  default: "60",
  configured: "60",
  value: "30",
  changed: true,
};
const row: DetectorRow = {
  name: "scan",
  summary: "Scans.",
  category: "scan",
  techniques: ["T1046"],
  enabled: true,
  configured: true,
  changed: false,
  benched: false,
  findings: 2,
  settings: [setting],
};
const done: unknown[] = [];
const control: DetectorControl = {
  list: () => ({ detectors: [row], running: true }),
  switch(name, on) {
    if (name !== "scan") throw new OddwireError("ODW_DETECTOR_UNKNOWN", { name, choices: "scan" });
    done.push(["switch", name, on]);
    return row;
  },
  set(name, key, value) {
    if (value === "many") throw new OddwireError("ODW_SETTING_BAD", { setting: key, cause: "many is no integer", mend: "write a number" });
    done.push(["set", name, key, value]);
    return row;
  },
  reset(name, key) {
    done.push(["reset", name, key]);
    return row;
  },
};
const config = { ...defaultConfig, "api.listen": "127.0.0.1:0" };
const server = createApiServer({ kinds: [], config, version: "0", startedAt: 0, detectors: control });
let url = "";
beforeAll(async () => {
  ({ url } = await server.start());
});
afterAll(() => server[Symbol.asyncDispose]());

const ajv = new Ajv2020({ strict: false });
const faults = (name: string, value: unknown): unknown => (ajv.validate(answerSchemas()[name] as SchemaNode, value) ? [] : ajv.errors);
const change = (method: string, path: string, body?: unknown, headers: { readonly [name: string]: string } = {}): Promise<Response> =>
  fetch(`${url}/api/v1/detectors/${path}`, {
    method,
    ...(body === undefined ? { headers } : { headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) }),
  });

test("all are told as described", async () => {
  const answer = await fetch(`${url}/api/v1/detectors`);
  expect([answer.status, faults("Detectors", await answer.json())]).toEqual([200, []]);
});

test("one is switched, set and reset", async () => {
  for (const answer of [
    await change("PATCH", "scan", { on: false }),
    await change("PUT", "scan/settings/window-s", { value: "30" }),
    await change("DELETE", "scan/settings/window-s"),
    await change("DELETE", "scan"),
  ])
    expect([answer.status, faults("Detector", await answer.json())]).toEqual([200, []]);
  expect(done).toEqual([
    ["switch", "scan", false],
    ["set", "scan", "window-s", "30"],
    ["reset", "scan", "window-s"],
    ["reset", "scan", undefined],
  ]);
});

test.each<[string, string, string, unknown, number, string]>([
  ["an unknown one", "PATCH", "scam", { on: true }, 404, "no detector or setting scam"],
  ["a value that is none", "PUT", "scan/settings/window-s", { value: "many" }, 400, "many is no integer"],
  ["no value", "PUT", "scan/settings/window-s", {}, 400, "value is missing"],
  ["a word for a switch", "PATCH", "scan", { on: "yes" }, 400, "on must be a boolean"],
])("%s is refused with cause and mend", async (_case, method, path, body, status, cause) => {
  const answer = await change(method, path, body);
  const { error } = (await answer.json()) as { readonly error: { readonly message: string; readonly mend: string } };
  expect([answer.status, error.message.includes(cause), error.mend !== ""]).toEqual([status, true, true]);
});

test("the pages of others change nothing", async () => {
  expect((await change("PATCH", "scan", { on: true }, { origin: "https://evil.example" })).status).toBe(403);
  expect((await change("DELETE", "scan", undefined, { origin: "https://evil.example" })).status).toBe(403);
});

test("where nothing detects, that is said", async () => {
  await using alone = createApiServer({ kinds: [], config, version: "0", startedAt: 0 });
  const { url: other } = await alone.start();
  expect((await fetch(`${other}/api/v1/detectors`)).status).toBe(503);
});

test("a trial is begun with one setting a line, asked for and given up", async () => {
  const given: (readonly string[])[] = [];
  const trials: DetectorTrials = {
    begin(settings) {
      given.push(settings);
      return { state: "running", settings, share: 0 };
    },
    state: () => ({
      state: "done",
      settings: ["scan.window-s=5"],
      report: {
        captures: 1,
        truncated: false,
        packets: 9,
        from: "2026-01-01T00:00:00.000Z",
        to: "2026-01-01T00:00:01.000Z",
        detectors: [{ detector: "scan", category: "scan", now: 1, tried: 0, most_per_day: 0, hosts: 0, added: [], lost: [] }],
      },
    }),
    cancel: () => ({ state: "none", settings: [] }),
  };
  await using other = createApiServer({ kinds: [], config, version: "0", startedAt: 0, trials });
  const at = `${(await other.start()).url}/api/v1/trials/detectors`;
  const body = JSON.stringify({ settings: " scan.window-s=5 \n\nscan.enabled=true" });
  const answers = [
    await fetch(at, { method: "POST", headers: { "content-type": "application/json" }, body }),
    await fetch(at),
    await fetch(at, { method: "DELETE" }),
  ];
  for (const answer of answers) expect([answer.status, faults("DetectorTrial", await answer.json())]).toEqual([200, []]);
  expect(given).toEqual([["scan.window-s=5", "scan.enabled=true"]]);
  expect((await fetch(at, { method: "DELETE", headers: { origin: "https://evil.example" } })).status).toBe(403);
});

test("where nothing can be tried, that is said", async () => {
  expect((await fetch(`${url}/api/v1/trials/detectors`)).status).toBe(503);
});
