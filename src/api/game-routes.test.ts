import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { defaultConfig } from "#schema/config.ts";
import type { SchemaNode } from "#schema/json-schema.ts";
import { type FakeServer, startFakeServer } from "#test/fake/fake-server.ts";
import { answerSchemas } from "./answer-schemas.ts";
import { createApiServer } from "./server.ts";

let server: FakeServer;
beforeAll(async () => {
  server = await startFakeServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const ajv = new Ajv2020({ strict: false });
const faults = (name: string, value: unknown): unknown => (ajv.validate(answerSchemas()[name] as SchemaNode, value) ? [] : ajv.errors);
const reload = async (body: unknown, headers: { readonly [name: string]: string } = {}) => {
  const init = { method: "POST", headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
  const answer = await fetch(`${server.url}/api/v1/plugins/reload`, init);
  return { status: answer.status, body: (await answer.json()) as { readonly error?: { readonly code: string } } };
};

test.each([
  ["plugins", "/api/v1/plugins", "Plugins"],
  ["unknown opcodes", "/api/v1/catalog/unknown", "UnknownOpcodes"],
])("%s are told as described", async (_case, path, schema) => {
  const { status, body } = await server.get(path);
  expect([status, faults(schema, body)]).toEqual([200, []]);
});

test.each([
  ["all that changed", {}, 200],
  ["one by name", { name: "lantern" }, 200],
  ["a name that no plugin has", { name: "chess" }, 404],
  ["a name that is no text", { name: 5 }, 400],
])("a reload of %s", async (_case, given, status) => {
  const answer = await reload(given);
  expect(answer.status).toBe(status);
  if (status === 200) expect(faults("PluginReload", answer.body)).toEqual([]);
});

test("a page of somebody else reloads nothing", async () => {
  expect((await reload({}, { origin: "https://evil.example" })).status).toBe(403);
});

test("where no games are read, that is said", async () => {
  const config = { ...defaultConfig, "api.listen": "127.0.0.1:0" };
  await using alone = createApiServer({ kinds: [], config, version: "0", startedAt: 0 });
  const { url } = await alone.start();
  expect(await (await fetch(`${url}/api/v1/plugins`)).json()).toEqual({ plugins: [] });
  expect(await (await fetch(`${url}/api/v1/catalog/unknown`)).json()).toEqual({ opcodes: [], refused: 0 });
  const init = { method: "POST", headers: { "content-type": "application/json" }, body: "{}" };
  const refused = await fetch(`${url}/api/v1/plugins/reload`, init);
  expect([refused.status, await refused.json()]).toMatchObject([503, { error: { code: "ODW_GAMES_ABSENT" } }]);
});
