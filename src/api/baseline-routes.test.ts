import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { BaselineControl } from "#contract/baseline-control.ts";
import type { BaselineQuestion } from "#schema/baseline.ts";
import { defaultConfig } from "#schema/config.ts";
import type { SchemaNode } from "#schema/json-schema.ts";
import { answerSchemas } from "./answer-schemas.ts";
import { createApiServer } from "./server.ts";

const asked: BaselineQuestion[] = [];
const forgotten: (string | undefined)[] = [];
const values = { bytes: 1000, packets: 10, connections: 2, peers: 1, failures: 0 };
const control: BaselineControl = {
  baselines(question) {
    asked.push(question);
    const row = {
      scope: "host",
      name: "10.0.0.9",
      since: 1,
      intervals: 9,
      active: 8,
      seasonal: true,
      packet_bytes: 100,
      gap_us: 5,
      payload_bits: 4.5,
    } as const;
    return {
      interval_min: 5,
      since: 1,
      ready: true,
      held_back: 0,
      count: 1,
      baselines: [{ ...row, usual: values, last: values, hours: [0, 1] }],
    };
  },
  forget(name) {
    forgotten.push(name);
    return { forgotten: 2 };
  },
};
const config = { ...defaultConfig, "api.listen": "127.0.0.1:0" };
const server = createApiServer({ kinds: [], config, version: "0", startedAt: 0, baselines: control });
let url = "";
beforeAll(async () => {
  ({ url } = await server.start());
});
afterAll(() => server[Symbol.asyncDispose]());

const ajv = new Ajv2020({ strict: false });
const faults = (name: string, value: unknown): unknown => (ajv.validate(answerSchemas()[name] as SchemaNode, value) ? [] : ajv.errors);
const reset = (at: string, body: unknown, headers: { readonly [name: string]: string } = {}): Promise<Response> =>
  fetch(`${at}/api/v1/baselines/reset`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });

test("what is usual is told as described, of what was asked for", async () => {
  const answer = await fetch(`${url}/api/v1/baselines?scope=host&name=10.0.0.9&limit=7`);
  expect([answer.status, faults("Baselines", await answer.json())]).toEqual([200, []]);
  expect(asked).toEqual([{ scope: "host", name: "10.0.0.9", limit: 7 }]);
  expect((await fetch(`${url}/api/v1/baselines?scope=planet`)).status).toBe(400);
});

test("one host or all is forgotten, but not for the pages of others", async () => {
  expect(faults("BaselineReset", await (await reset(url, { name: "10.0.0.9" })).json())).toEqual([]);
  expect((await reset(url, {})).status).toBe(200);
  expect((await reset(url, {}, { origin: "https://evil.example" })).status).toBe(403);
  expect(forgotten).toEqual(["10.0.0.9", undefined]);
});

test("where nobody learns, that is said", async () => {
  await using alone = createApiServer({ kinds: [], config, version: "0", startedAt: 0 });
  const { url: other } = await alone.start();
  expect(await (await fetch(`${other}/api/v1/baselines`)).json()).toMatchObject({ interval_min: 0, count: 0, baselines: [] });
  expect((await reset(other, {})).status).toBe(503);
});
