import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { EventPage, StatsAnswer } from "#schema/api.ts";
import { defaultConfig } from "#schema/config.ts";
import { eventSchema, type SchemaNode } from "#schema/json-schema.ts";
import { fakeKinds } from "#test/fake/fake-kinds.ts";
import { type FakeServer, startFakeServer } from "#test/fake/fake-server.ts";
import { answerSchemas } from "./answer-schemas.ts";

let server: FakeServer;
beforeAll(async () => {
  server = await startFakeServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const ajv = new Ajv2020({ strict: false });
const schemas = answerSchemas();
/** What is wrong with a real answer, by its published schema. */
const faults = (schema: SchemaNode, value: unknown): unknown => (ajv.validate(schema, value) ? [] : ajv.errors);
const eventsOf = async (path: string) => ((await server.get(path)).body as EventPage).events;

const bytesBy = async (order: string) =>
  (await eventsOf(`/api/v1/flows?order=${order}`)).map((event) => (event["flow"] as { bytes_toclient: number }).bytes_toclient);

const liveFlows = async (q: string) =>
  ((await server.get(`/api/v1/live/flows?q=${encodeURIComponent(q)}`)).body as { flows: { host?: string }[] }).flows;

test.each([
  ["/api/v1/health", "Health"],
  ["/api/v1/stats", "Stats"],
  ["/api/v1/stats?points=7&from=2026-01-01T00:00:30Z", "Stats"],
  ["/api/v1/summary", "Summary"],
  ["/api/v1/live/flows", "LiveFlows"],
  ["/api/v1/live/flows?q=app_proto=tls", "LiveFlows"],
  ["/api/v1/kinds", "Kinds"],
  ["/api/v1/dns/count?rrname=www.example.com", "Count"],
  ["/api/v1/dns/top?column=rrname", "Top"],
  ["/api/v1/flows/top?column=app_proto&sum=bytes_toclient", "Top"],
  ["/api/logs/traffic?limit=20", "TrafficLog"],
  ["/api/logs/anomalies?limit=20", "AnomalyLog"],
  ["/api/v1/flows?limit=0", "Error"],
  ["/nowhere.html", "Error"],
])("the answer of %s is as its schema %s says", async (path, name) => {
  const { body, headers } = await server.get(path);
  expect(headers.get("content-type")).toContain("application/json");
  expect(faults(schemas[name] as SchemaNode, body)).toEqual([]);
});

test.each([["flows"], ["anomalies"], ["findings"], ["stats-events"], ["player-events"], ["dns"], ["tls"], ["http"]])(
  "/api/v1/%s gives events that hold against the published schema, newest first",
  async (path) => {
    const schema = (await server.get("/api/v1/schema")).body as SchemaNode;
    expect(schema).toEqual(eventSchema(fakeKinds));
    const events = await eventsOf(`/api/v1/${path}?limit=1000`);
    expect(events.length).toBeGreaterThan(0);
    const validate = ajv.compile({ $defs: schema["$defs"], oneOf: schema["oneOf"] });
    for (const event of events) expect(validate(event) ? [] : validate.errors).toEqual([]);
    const times = events.map((event) => event.timestamp);
    expect(times).toEqual(times.toSorted().toReversed());
  },
);

test("a flow's timeline takes one turn at the store, whatever the number of kinds", async () => {
  await using narrow = await startFakeServer({ config: { ...defaultConfig, "api.listen": "127.0.0.1:0", "api.queries-max": 1 } });
  const { body } = await narrow.get("/api/v1/tls?limit=1");
  const [tls] = (body as EventPage).events;
  const answers = await Promise.all([1, 2, 3, 4].map(() => narrow.get(`/api/v1/flows/${tls?.flow_id}`)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
});

test("every kind has a resource at the path that /kinds tells", async () => {
  const { kinds } = (await server.get("/api/v1/kinds")).body as { kinds: { path: string; columns: { name: string }[] }[] };
  expect(kinds).toHaveLength(fakeKinds.length);
  for (const { path, columns } of kinds) {
    expect(columns.slice(0, 2).map(({ name }) => name)).toEqual(["time", "flow_id"]);
    // oxlint-disable-next-line no-await-in-loop
    expect((await server.get(`${path}?limit=1`)).status).toBe(200);
  }
});

test.each([
  ["a column's value", "dns?rrname=www.example.com", "dns?q=rrname = www.example.com"],
  ["a value in another case", "dns?rrname=WWW.Example.com", "dns?q=rrname = www.example.com"],
  ["several values of a column mean any of them", "dns?rrtype=A&rrtype=AAAA", "dns?q=rrtype in A,AAAA"],
  ["several columns mean all of them", "dns?rrtype=A&type=answer", "dns?q=rrtype = A and type = answer"],
  ["a parameter and a query mean both", "dns?rrtype=A&q=type = answer", "dns?q=rrtype = A and type = answer"],
  ["an address", "flows?src_ip=10.0.0.12", "flows?q=src_ip = 10.0.0.12"],
  ["an address in another spelling", "flows?src_ip=2001:db8::42", "flows?q=src_ip = 2001:0db8:0000:0000:0000:0000:0000:0042"],
  ["a network", "flows?src_ip=10.0.0.0/28", "flows?q=src_ip in 10.0.0.0/28"],
  ["a number", "flows?dest_port=443", "flows?q=dest_port = 443"],
  [
    "a time span",
    "dns?from=2026-01-01T00:00:20Z&to=2026-01-01T00:00:40Z",
    "dns?q=time >= 2026-01-01T00:00:20Z and time < 2026-01-01T00:00:40Z",
  ],
  ["a time span in microseconds", "dns?from=1767225620000000", "dns?q=time >= 2026-01-01T00:00:20Z"],
  ["a span before the capture clock", "dns?from=2026-01-01T00:00:30Z", "dns?q=time >= -30s"],
])("%s as parameter says the same as in the query language", async (_case, parameter, query) => {
  const [events, same] = await Promise.all([
    eventsOf(`/api/v1/${parameter}&limit=1000`),
    eventsOf(`/api/v1/${query.replace(/q=.*/, (text) => `q=${encodeURIComponent(text.slice(2))}`)}&limit=1000`),
  ]);
  expect(events.length).toBeGreaterThan(0);
  expect(events).toEqual(same);
  const everything = (await server.get(`/api/v1/${parameter.split("?")[0]}/count`)).body as { count: number };
  expect(events.length).toBeLessThan(everything.count);
});

test.each([
  ["an unknown parameter", "dns?rrnam=x", "ODW_PARAMETER_BAD", "rrnam"],
  ["a limit that is too large", "dns?limit=1001", "ODW_PARAMETER_BAD", "limit must be a whole number from 1 to 1000"],
  ["a column to sort by that is none", "dns?order=size", "ODW_PARAMETER_BAD", "order must be one of"],
  ["an address that is none", "dns?src_ip=here", "ODW_PARAMETER_BAD", "src_ip must be an address or a network"],
  ["a number that is none", "dns?src_port=http", "ODW_PARAMETER_BAD", "src_port must be a number"],
  ["a query that breaks off", "dns?q=rrname%20=", "ODW_QUERY_BAD", "expected a value behind ="],
  ["a query about an unknown column", "dns?q=rrnam%20=%20x", "ODW_QUERY_BAD", "did you mean rrname"],
  ["a top without a column", "dns/top", "ODW_PARAMETER_BAD", "column is missing"],
  ["a sum of a text", "dns/top?column=rrname&sum=rrname", "ODW_PARAMETER_BAD", "sum must be one of"],
  ["a flow id that is none", "flows/abc", "ODW_PARAMETER_BAD", "flow_id"],
  ["a cursor that is none", "dns?cursor=xyz", "ODW_QUERY_BAD", "cursor"],
])("%s is answered with 400 and named", async (_case, path, code, part) => {
  const { status, body } = await server.get(`/api/v1/${path}`);
  const { error } = body as { error: { code: string; message: string; mend: string } };
  expect([status, error.code]).toEqual([400, code]);
  expect(error.message).toContain(part);
  expect(error.mend).not.toBe("");
});

test("pages neither repeat nor leave out events while new ones arrive", async () => {
  const before = await eventsOf("/api/v1/dns?limit=1000");
  const seen: unknown[] = [];
  let cursor = "";
  do {
    // oxlint-disable-next-line no-await-in-loop
    const page = (await server.get(`/api/v1/dns?limit=7${cursor}`)).body as EventPage;
    seen.push(...page.events);
    cursor = page.next === undefined ? "" : `&cursor=${encodeURIComponent(page.next)}`;
    server.engine.tick();
  } while (cursor !== "");
  expect(seen).toEqual(before);
});

test("order sorts by a column, both ways", async () => {
  const up = await bytesBy("bytes_toclient");
  const down = await bytesBy("-bytes_toclient");
  expect(up).toEqual(up.toSorted((a, b) => a - b));
  expect(down).toEqual(down.toSorted((a, b) => b - a));
});

test("count counts what the pages hold", async () => {
  const { body } = await server.get("/api/v1/dns/count?type=query");
  expect(body).toEqual({ count: (await eventsOf("/api/v1/dns?type=query&limit=1000")).length });
});

test("a flow comes with its events of all kinds, oldest first", async () => {
  const [tls] = await eventsOf("/api/v1/tls?q=exists%20sni&order=time&limit=1");
  const { body } = await server.get(`/api/v1/flows/${tls?.flow_id}`);
  const answer = body as { flow?: { event_type: string }; live?: unknown; events: { flow_id: number; timestamp: string }[] };
  expect(answer.events).toContainEqual(tls);
  expect(answer.events.every((event) => event.flow_id === tls?.flow_id)).toBe(true);
  const times = answer.events.map((event) => event.timestamp);
  expect(times).toEqual(times.toSorted());
  expect(answer.flow !== undefined || answer.live !== undefined).toBe(true);
  expect(faults(schemas["Flow"] as SchemaNode, body)).toEqual([]);
});

test("a flow that nobody has seen is 404", async () =>
  expect(await server.get("/api/v1/flows/1")).toMatchObject({ status: 404, body: { error: { code: "ODW_FLOW_UNKNOWN" } } }));

test("live flows are found by address, protocol and host name", async () => {
  const all = await liveFlows("");
  const some = all.filter((flow) => flow.host === "www.example.com");
  expect(some.length).toBeGreaterThan(0);
  expect(await liveFlows("host = www.example.com")).toEqual(some);
  expect(await liveFlows("bytes_toserver > 1G")).toEqual([]);
});

test("stats give as many points as were asked for, in columns of one length", async () => {
  const { history, summary } = (await server.get("/api/v1/stats?points=10")).body as StatsAnswer;
  expect(summary).not.toHaveProperty("flows");
  expect(history.time.length).toBeLessThanOrEqual(10);
  for (const column of [history.bits_per_second, history.live_flows, ...history.protocols.map((share) => share.packets_per_second)])
    expect(column).toHaveLength(history.time.length);
});

test.each([
  ["by parameter", "?format=csv", {}],
  ["by header", "", { accept: "text/csv" }],
])("CSV %s has a line for each event", async (_case, query, headers) => {
  const { body, headers: answered } = await server.get(`/api/v1/dns${query}`, headers);
  expect(answered.get("content-type")).toContain("text/csv");
  const lines = (body as string).trim().split("\r\n");
  expect(lines[0]).toBe("time,flow_id,pcap_cnt,src_ip,src_port,dest_ip,dest_port,proto,type,rrname,rrtype,rcode");
  expect(lines).toHaveLength(1 + (await eventsOf("/api/v1/dns")).length);
});

test("metrics tell the engine's counters under their names", async () => {
  const { body, headers } = await server.get("/metrics");
  expect(headers.get("content-type")).toContain("text/plain");
  const text = body as string;
  const { counters } = server.engine.summary as { counters: { [name: string]: number } };
  expect(text).toContain(`\noddwire_decoder_pkts_total ${counters["decoder.pkts"]}\n`);
  expect(text).toContain("# TYPE oddwire_decoder_pkts_total counter");
  expect(text).toContain("# TYPE oddwire_flow_active gauge");
  expect(text).toContain('oddwire_build_info{version="1.2.3"');
  expect(text).toMatch(/oddwire_api_request_seconds_count\{route="\/api\/v1\/dns",status="200"\} \d+/);
  expect(text).not.toContain("nowhere");
});

test("without a store: live resources work, history says why not", async () => {
  await using bare = await startFakeServer();
  await using noStore = await startFakeServer({ store: undefined as never });
  expect((await bare.get("/api/v1/dns")).status).toBe(200);
  expect((await noStore.get("/api/v1/summary")).status).toBe(200);
  expect(await noStore.get("/api/v1/dns")).toMatchObject({ status: 503, body: { error: { code: "ODW_STORE_ABSENT" } } });
});

test("without an engine: history works, live resources say why not", async () => {
  await using noEngine = await startFakeServer({ live: undefined as never });
  expect((await noEngine.get("/api/v1/dns")).status).toBe(200);
  expect((await noEngine.get("/api/v1/health")).body).toMatchObject({ status: "ok" });
  expect((await noEngine.get("/api/v1/stats")).body).toMatchObject({ history: { time: [] } });
  expect(await noEngine.get("/api/v1/summary")).toMatchObject({ status: 503, body: { error: { code: "ODW_ENGINE_ABSENT" } } });
  expect((await noEngine.get("/metrics")).status).toBe(200);
});

test("a Suricata that does not work makes the server degraded", async () => {
  const suricata = { mode: "start", state: "failed", reason: "Suricata ended with code 1 and is not started again" } as const;
  await using troubled = await startFakeServer({ beside: () => ({ suricata }) });
  const { body } = await troubled.get("/api/v1/health");
  expect(body).toMatchObject({ status: "degraded", reasons: expect.arrayContaining([suricata.reason]) });
  expect((await troubled.get("/api/v1/suricata")).body).toEqual({ suricata });
});
