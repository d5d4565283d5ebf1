import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type FakeServer, startFakeServer } from "#test/fake/fake-server.ts";
import { ApiClient, ApiError } from "./client.ts";

let server: FakeServer;
let client: ApiClient;
beforeAll(async () => {
  server = await startFakeServer();
  client = new ApiClient({ url: `${server.url}/` });
});
afterAll(() => server[Symbol.asyncDispose]());

const failureOf = async (asked: Promise<unknown>): Promise<unknown> => {
  const error = await asked.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  return error instanceof ApiError ? { status: error.status, code: error.code } : error;
};

test("every question gets its answer", async () => {
  expect(await client.health()).toMatchObject({ status: "ok", version: "1.2.3" });
  expect((await client.stats({ points: 5 })).history.time.length).toBeLessThanOrEqual(5);
  expect((await client.summary()).sequence).toBe(60);
  expect((await client.liveFlows("proto = UDP")).flows.every((flow) => flow.proto === "UDP")).toBe(true);
  expect((await client.kinds()).map(({ name }) => name)).toContain("dns");
  expect((await client.events("anomaly", { limit: 1 })).events).toHaveLength(1);
  expect((await client.top("dns", { column: "rrname", limit: 3 }, { q: "rrtype = A" })).groups.length).toBeLessThanOrEqual(3);
});

test("filters of all sorts travel together", async () => {
  const filter = { q: "type = query", from: "2026-01-01T00:00:10Z", to: 1_767_225_650_000_000, columns: { rrtype: ["A", "AAAA"] } };
  const { events } = await client.events("dns", { ...filter, limit: 1000 });
  expect(events.length).toBeGreaterThan(0);
  expect(await client.count("dns", filter)).toBe(events.length);
  expect(new Set(events.map((event) => (event["dns"] as { rrtype: string }).rrtype))).toEqual(new Set(["A", "AAAA"]));
});

test("all events come page after page, or as many as are wanted", async () => {
  const collect = async (max?: number) => {
    const events = [];
    for await (const event of client.allEvents("dns", { limit: 10 }, max)) events.push(event);
    return events;
  };
  expect(await collect()).toEqual((await client.events("dns", { limit: 1000 })).events);
  expect(await collect(13)).toHaveLength(13);
});

test("a flow is found by its id", async () => {
  const [flow] = (await client.events("flow", { limit: 1 })).events;
  expect((await client.flow(flow?.flow_id as number)).flow).toEqual(flow);
});

test("the address of a CSV file works", async () => {
  const response = await fetch(client.csvAddress("dns", { q: "rrtype = A", limit: 2 }));
  expect((await response.text()).split("\r\n")).toHaveLength(4);
});

test("what is wrong is an ApiError with code, message and mend", async () => {
  expect(await failureOf(client.events("dns", { q: "rrname =" }))).toEqual({ status: 400, code: "ODW_QUERY_BAD" });
  expect(await failureOf(client.flow(1))).toEqual({ status: 404, code: "ODW_FLOW_UNKNOWN" });
  expect(await failureOf(client.events("../health"))).toEqual({ status: 404, code: "ODW_PATH_UNKNOWN" });
});

test.each([
  ["a server that is not there", () => undefined, { status: 0, code: "ODW_UNREACHABLE" }],
  ["another program", (answer: (status: number, text: string) => void) => answer(200, "<html>"), { status: 0, code: "ODW_UNREACHABLE" }],
  ["a proxy in between", (answer: (status: number, text: string) => void) => answer(502, "Bad Gateway"), { status: 502, code: "" }],
])("%s is told apart", async (_case, serve, failure) => {
  const other = createServer((_request, response) => {
    if (serve.length === 0) response.destroy();
    serve((status, text) => response.writeHead(status).end(text));
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => other.once("listening", resolve));
  const { port } = other.address() as AddressInfo;
  expect(await failureOf(new ApiClient({ url: `http://127.0.0.1:${port}` }).health())).toEqual(failure);
  other.close();
});

test("a server that does not answer in time is given up; a question that is called off ends as AbortError", async () => {
  await using slow = await startFakeServer();
  const { promise, resolve: release } = Promise.withResolvers<void>();
  slow.store.hold = promise;
  const impatient = new ApiClient({ url: slow.url, timeoutMs: 50 });
  expect(await failureOf(impatient.count("dns"))).toEqual({ status: 0, code: "ODW_UNREACHABLE" });
  const aborter = new AbortController();
  const asked = failureOf(new ApiClient({ url: slow.url }).count("dns", {}, aborter.signal));
  aborter.abort();
  expect(await asked).toMatchObject({ name: "AbortError" });
  release();
});
