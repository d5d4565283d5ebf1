import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AllowControl } from "#contract/allow-control.ts";
import { OddwireError } from "#contract/errors.ts";
import type { AllowRow, NewAllow } from "#schema/allow.ts";
import { defaultConfig } from "#schema/config.ts";
import type { SchemaNode } from "#schema/json-schema.ts";
import { answerSchemas } from "./answer-schemas.ts";
import { createApiServer } from "./server.ts";

const row: AllowRow = {
  entry: "scan=10.0.0.5",
  origin: "list",
  note: "",
  who: "",
  added: "2026-01-01T00:00:00.000Z",
  expires: "2026-02-01T00:00:00.000Z",
  expired: false,
  hits: 2,
  last: "2026-01-02T00:00:00.000Z",
  pairs: [{ detector: "scan", source: "10.0.0.5", target: "", hits: 2, last: "2026-01-02T00:00:00.000Z" }],
};
const added: NewAllow[] = [];
const removed: string[] = [];
const control: AllowControl = {
  list: () => ({ entries: [row], hits: 2 }),
  add(entry) {
    if (entry.entry === "nonsense!")
      throw new OddwireError("ODW_LIST_BAD", { where: "entry", cause: "it is nonsense", mend: "write sense" });
    added.push(entry);
    return row;
  },
  remove: (entry) => void removed.push(entry),
  covers: () => false,
};
const config = { ...defaultConfig, "api.listen": "127.0.0.1:0" };
const server = createApiServer({ kinds: [], config, version: "0", startedAt: 0, allow: control });
let url = "";
beforeAll(async () => {
  ({ url } = await server.start());
});
afterAll(() => server[Symbol.asyncDispose]());

const ajv = new Ajv2020({ strict: false });
const faults = (name: string, value: unknown): unknown => (ajv.validate(answerSchemas()[name] as SchemaNode, value) ? [] : ajv.errors);
const change = (method: string, body: unknown, headers: { readonly [name: string]: string } = {}, at = url): Promise<Response> =>
  fetch(`${at}/api/v1/findings/allow`, { method, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) });

test("the list is told as described", async () => {
  const answer = await fetch(`${url}/api/v1/findings/allow`);
  expect([answer.status, faults("Allowed", await answer.json())]).toEqual([200, []]);
});

test("entries are added and removed, but not by the pages of others", async () => {
  const answer = await change("POST", { entry: "scan=10.0.0.5", note: "ours", expires: "7d" });
  expect([answer.status, faults("AllowedEntry", await answer.json())]).toEqual([200, []]);
  expect((await change("DELETE", { entry: "scan=10.0.0.5" })).status).toBe(200);
  for (const method of ["POST", "DELETE"])
    expect((await change(method, { entry: "10.0.0.9" }, { origin: "https://evil.example" })).status).toBe(403);
  expect([added, removed]).toEqual([[{ entry: "scan=10.0.0.5", note: "ours", expires: "7d" }], ["scan=10.0.0.5"]]);
});

test.each<[string, unknown, string]>([
  ["nothing", {}, "entry is missing"],
  ["a member that there is not", { entry: "10.0.0.5", forever: true }, "is no member"],
  ["a number", { entry: 7 }, "entry must be a text"],
  ["nonsense", { entry: "nonsense!" }, "it is nonsense"],
])("%s is refused with cause and mend", async (_case, body, cause) => {
  const answer = await change("POST", body);
  const { error } = (await answer.json()) as { readonly error: { readonly message: string; readonly mend: string } };
  expect([answer.status >= 400 && answer.status < 500, error.message.includes(cause), error.mend !== ""]).toEqual([true, true, true]);
});

test("where nothing keeps it, that is said", async () => {
  await using alone = createApiServer({ kinds: [], config, version: "0", startedAt: 0 });
  const { url: other } = await alone.start();
  expect((await fetch(`${other}/api/v1/findings/allow`)).status).toBe(503);
  expect((await change("POST", { entry: "10.0.0.5" }, {}, other)).status).toBe(503);
});
