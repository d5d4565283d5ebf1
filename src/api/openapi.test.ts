import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fakeKinds } from "#test/fake/fake-kinds.ts";
import { type FakeServer, startFakeServer } from "#test/fake/fake-server.ts";
import { kindResources } from "./kind-resources.ts";

type Node = { readonly [name: string]: Node };
interface Operation {
  readonly summary?: string;
  readonly operationId?: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: Node; readonly required?: boolean }[];
  readonly responses: {
    readonly [status: string]: { readonly description?: string; readonly content?: { readonly [type: string]: { readonly schema: Node } } };
  };
}
interface Description {
  readonly openapi: string;
  readonly paths: { readonly [path: string]: { readonly [method: string]: Operation } };
  readonly components: { readonly schemas: { readonly [name: string]: Node } };
}

let server: FakeServer;
let description: Description;
beforeAll(async () => {
  server = await startFakeServer();
  description = (await server.get("/openapi.json")).body as Description;
});
afterAll(() => server[Symbol.asyncDispose]());

const operations = () =>
  Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

test("it is OpenAPI 3.1 and every route is in it", () => {
  expect(description.openapi).toBe("3.1.0");
  const kinds = kindResources(fakeKinds).flatMap(({ path }) => [`/api/v1/${path}`, `/api/v1/${path}/count`, `/api/v1/${path}/top`]);
  const others = [
    "rules",
    "rules/reload",
    "keywords",
    "keywords/test",
    "keywords/{sid}",
    "indicators",
    "indicators/test",
    "indicators/lists/{name}",
    "health",
    "stats",
    "suricata",
    "summary",
    "live",
    "live/flows",
    "live/events",
    "kinds",
    "schema",
    "flows/{flow_id}/packets",
    "flows/{flow_id}",
    "findings/allow",
    "findings/causes",
    "detectors",
    "detectors/{name}",
    "detectors/{name}/settings/{setting}",
    "trials/detectors",
    "findings/techniques",
    "findings/{id}",
    "findings/{id}/mark",
    "hosts/risk",
    "players",
    "players/{id}",
    "players/{id}/notes",
    "players/{id}/watch",
    "players/{id}/whitelist",
    "plugins",
    "plugins/reload",
    "captures",
    "captures/{id}",
    "captures/{id}/read",
    "captures/{id}/{offset}",
    "catalog/unknown",
    "baselines",
    "baselines/reset",
    "deliveries",
  ].map((path) => `/api/v1/${path}`);
  const rest = ["/api/logs/traffic", "/api/logs/anomalies", "/metrics", "/openapi.json"];
  expect(Object.keys(description.paths).toSorted()).toEqual([...kinds, ...others, ...rest].toSorted());
});

test("every operation has a name of its own, a summary, and described answers for success and failure", () => {
  const names = operations().map(({ operation }) => operation.operationId);
  expect(new Set(names).size).toBe(names.length);
  for (const { path, operation } of operations()) {
    expect(operation.operationId, path).toMatch(/^[a-z]\w+$/);
    expect(operation.summary, path).toMatch(/\w/);
    const statuses = Object.keys(operation.responses);
    expect(
      statuses.every((status) => /^([1-5]\d\d|[1-5]XX|default)$/.test(status)),
      `${path} ${statuses.join(" ")}`,
    ).toBe(true);
    for (const answer of Object.values(operation.responses)) expect(answer.description, path).toMatch(/\w/);
    if (path.startsWith("/api/")) expect(statuses, path).toContain("4XX");
  }
});

test("every parameter is declared as OpenAPI wants it, and parts of the path are among them", () => {
  for (const { path, operation } of operations()) {
    const declared = operation.parameters ?? [];
    for (const parameter of declared) {
      expect(["query", "path"], `${path} ${parameter.name}`).toContain(parameter.in);
      expect(parameter.schema, `${path} ${parameter.name}`).toBeTypeOf("object");
    }
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
    const required = declared.filter((parameter) => parameter.in === "path" && parameter.required === true);
    expect(required.map(({ name }) => name)).toEqual(inPath);
  }
});

test("every schema in it is a JSON Schema and every reference leads somewhere", () => {
  const ajv = new Ajv2020({ strict: false });
  ajv.addSchema({ $id: "doc", ...(JSON.parse(JSON.stringify(description)) as object) });
  const schemas = operations().flatMap(({ operation }) => [
    ...(operation.parameters ?? []).map((parameter) => parameter.schema),
    ...Object.values(operation.responses).flatMap((answer) => Object.values(answer.content ?? {}).map(({ schema }) => schema)),
  ]);
  expect(schemas.length).toBeGreaterThan(100);
  for (const schema of [...schemas, ...Object.values(description.components.schemas)])
    ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"doc#/')) as object);
});

test.each([
  ["/api/v1/health", "/api/v1/health"],
  ["/api/v1/suricata", "/api/v1/suricata"],
  ["/api/v1/dns?limit=5", "/api/v1/dns"],
  ["/api/v1/flows/top?column=proto", "/api/v1/flows/top"],
  ["/api/v1/findings", "/api/v1/findings"],
  ["/api/logs/traffic", "/api/logs/traffic"],
])("a real answer of %s is as the description says", async (address, path) => {
  const ajv = new Ajv2020({ strict: false });
  ajv.addSchema({ $id: "doc", ...(JSON.parse(JSON.stringify(description)) as object) });
  const schema = description.paths[path]?.["get"]?.responses["200"]?.content?.["application/json"]?.schema;
  const validate = ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"doc#/')) as object);
  expect(validate((await server.get(address)).body) ? [] : validate.errors).toEqual([]);
});
