import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Outcome, oddwire, parseLines, type Running, start, temporary } from "./oddwire.ts";
import { expected, trafficFile } from "./traffic.ts";

const count = 40;
const { flows, dns, http } = expected(count);
const folder = temporary();
const out = folder.at("out");
beforeAll(async () => {
  writeFileSync(folder.at("traffic.pcap"), trafficFile(count));
  expect((await oddwire(["read", folder.at("traffic.pcap"), "-o", out])).code).toBe(0);
});
afterAll(() => folder[Symbol.dispose]());

const query = (...args: readonly string[]): Promise<Outcome> => oddwire(["query", ...args, "-o", out]);

describe("oddwire query", () => {
  test.each<[string, readonly string[], string]>([
    ["counts by the plural", ["flows", "--count"], `${flows}\n`],
    ["counts by the singular", ["flow", "--count", "--json"], `{"count":${flows}}\n`],
    ["takes the expression as one word or as many", ["flows", "app_proto", "=", "http", "--count"], `${http}\n`],
    ["looks for networks", ["dns", "ip = 10.1.0.0/29", "--count"], `${2 * 8}\n`],
    [
      "shows chosen columns in a chosen order",
      ["http", "hostname ~ host-1.", "--columns", "src_ip,dest_port"],
      "src_ip    dest_port\n10.1.0.1         80\n",
    ],
    ["writes CSV", ["http", "hostname = host-7.example", "--columns", "src_ip,src_port", "--csv"], "src_ip,src_port\r\n10.1.0.7,20007\r\n"],
    [
      "groups",
      ["flows", "--top", "app_proto", "--sum", "pkts_toserver"],
      `app_proto  count  pkts_toserver\nhttp          40            200\ndns           40             40\n`,
    ],
    ["groups as JSON", ["flows", "--top", "dest_port", "--limit", "1", "--json"], '{"value":53,"count":40}\n'],
  ])("%s", async (_case, args, text) => {
    expect(await query(...args)).toEqual({ code: 0, out: text, err: "" });
  });

  test("--json gives whole events, newest first, as many as asked for", async () => {
    const { out: text } = await query("dns", "--json", "--limit", "3");
    const events = parseLines(text);
    expect(events.map((event) => event.event_type)).toEqual(["dns", "dns", "dns"]);
    expect(events.map((event) => event.timestamp)).toEqual(
      events
        .map((event) => event.timestamp)
        .toSorted()
        .toReversed(),
    );
    expect(parseLines((await query("dns", "--json", "--limit", "0")).out)).toHaveLength(dns);
  });

  test("a table says when there is more, and when there is nothing", async () => {
    const more = await query("dns", "--limit", "5");
    expect(more.out.split("\n")).toHaveLength(5 + 2);
    expect(more.err).toBe(`oddwire: 5 of ${dns} events; --limit shows more\n`);
    expect(await query("dns", "rrname = nowhere")).toEqual({ code: 0, out: "", err: "oddwire: no dns events match\n" });
  });

  test.each<[string, number, RegExp, readonly string[]]>([
    ["an unknown kind", 2, /no events are called flws; did you mean flows\?/, ["flws"]],
    [
      "an unknown column, with its place",
      1,
      /unknown column "srcip"; did you mean src_ip\? at column 21/,
      ["flows", "dest_port = 80 and (srcip = 1)"],
    ],
    ["a quote without end", 1, /the quote " has no end at column 8/, ["flows", 'proto ="TCP']],
    ["an unknown column to sort by", 2, /--order bytez: unknown column; .*bytes_/, ["flows", "--order", "bytez"]],
    ["a bad limit", 2, /--limit many is no whole number/, ["flows", "--limit", "many"]],
    ["a sum of texts", 2, /--sum proto: only numbers can be summed/, ["flows", "--top", "dest_ip", "--sum", "proto"]],
    ["a sum without groups", 2, /--sum needs --top COLUMN/, ["flows", "--sum", "pkts_toserver"]],
  ])("refuses %s in one line", async (_case, code, text, args) => {
    const outcome = await query(...args);
    expect(outcome.err).toMatch(text);
    expect(outcome.err).toMatch(/^oddwire: [^\n]+\n$/);
    expect([outcome.code, outcome.out]).toEqual([code, ""]);
  });

  test("a store that is not there is named with what makes one", async () => {
    const { code, err } = await oddwire(["query", "flows", "-o", folder.at("nowhere")]);
    expect([code, err]).toEqual([1, expect.stringMatching(/cannot open the store .*nowhere\/oddwire\.db: .*oddwire read FILE/)]);
  });

  test("--help has the language, --help-columns the kind's columns", async () => {
    expect((await oddwire(["query", "--help"])).out).toMatch(/src_ip = 10\.0\.0\.0\/8 and[\s\S]*Examples:/);
    expect((await query("dns", "--help-columns")).out).toMatch(/^rrname +dns\.rrname +text +Name asked for\.$/m);
  });
});

describe("oddwire doctor, config and schema", () => {
  test("doctor finds that files can be read, and says what mends the rest", async () => {
    const { code, out: text } = await oddwire(["doctor", "--json", "--listen", "127.0.0.1:0"]);
    const { ok, checks } = JSON.parse(text) as { ok: boolean; checks: { name: string; state: string; found: string; mend?: string }[] };
    expect([code, ok]).toEqual([0, true]);
    expect(checks.find(({ name }) => name === "reading files")?.state).toBe("ok");
    expect(checks.filter(({ state, mend }) => (state === "ok") !== (mend === undefined))).toEqual([]);
  });

  test("config show tells where each value comes from", async () => {
    writeFileSync(folder.at("some.yaml"), "flow:\n  flows-max: 2k\nengine.seed: 5\n");
    const args = ["--config", folder.at("some.yaml"), "config", "show", "--json", "--set", "engine.workers=3"];
    const { out: text } = await oddwire(args, { environment: { ODDWIRE_API_CLIENTS_MAX: "7" } });
    expect(JSON.parse(text)).toMatchObject({
      "flow.flows-max": { value: 2048, from: `${folder.at("some.yaml")}:2` },
      "engine.seed": { value: 5, from: `${folder.at("some.yaml")}:3` },
      "engine.workers": { value: 3, from: "--set" },
      "api.clients-max": { value: 7, from: "ODDWIRE_API_CLIENTS_MAX" },
      "store.flush-ms": { value: 500, from: "default" },
    });
  });

  test("config check refuses a bad file with line and reason", async () => {
    writeFileSync(folder.at("bad.yaml"), "flow:\n  flows-max: 2k\n  flow-max: 1\n");
    const { code, err } = await oddwire(["config", "check", folder.at("bad.yaml")]);
    expect([code, err]).toEqual([1, expect.stringMatching(/bad\.yaml:3: no such key flow\.flow-max; did you mean flow\.flows-max\?/)]);
  });

  test("the schemas are JSON Schemas", async () => {
    for (const args of [["schema"], ["schema", "dns"], ["config", "schema", "--json"]]) {
      const { out: text } = await oddwire(args);
      expect((JSON.parse(text) as { $schema: string }).$schema).toContain("json-schema.org");
    }
  });
});

describe("oddwire serve", () => {
  let server: Running;
  let url = "";
  beforeAll(async () => {
    server = start(["serve", "-o", out, "--listen", "127.0.0.1:0"]);
    url = (await server.says(/the page is at (http:\S+)/))[1] as string;
  });
  afterAll(async () => {
    server.process.kill("SIGTERM");
    expect(await server.ended).toBe(0);
  });

  const get = async (path: string): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(`${url}${path}`);
    return { status: response.status, body: await response.json() };
  };

  test.each<[string, string, object]>([
    [
      "q= selects",
      `/api/v1/flows?q=${encodeURIComponent("dest_port = 80 and src_ip = 10.1.0.3")}`,
      { events: [{ event_type: "flow", src_ip: "10.1.0.3", app_proto: "http" }] },
    ],
    ["parameters select", "/api/v1/http?src_ip=10.1.0.9", { events: [{ src_ip: "10.1.0.9", http: { hostname: "host-9.example" } }] }],
    ["counts", "/api/v1/dns/count", { count: dns }],
    ["groups", "/api/v1/flows/top?column=app_proto&limit=1", { groups: [{ count }] }],
    ["health", "/api/v1/health", { store: { rows: { flow: flows, dns, http } } }],
    ["OpenAPI", "/openapi.json", { openapi: expect.stringMatching(/^3\./) as string }],
  ])("%s", async (_case, path, body) => {
    expect(await get(path)).toMatchObject({ status: 200, body });
  });

  test("a bad question is refused with place and suggestion", async () => {
    expect(await get(`/api/v1/flows?q=${encodeURIComponent("srcip = 1")}`)).toMatchObject({
      status: 400,
      body: { error: { code: "ODW_QUERY_BAD", message: expect.stringMatching(/did you mean src_ip\?.*column 1/) as string } },
    });
  });

  test("/api/logs/traffic has the flows", async () => {
    const { status, body } = await get("/api/logs/traffic?limit=5");
    expect([status, JSON.stringify(body)]).toEqual([200, expect.stringContaining("source_ip")]);
  });

  test("a port that is taken is named", async () => {
    const { code, err } = await oddwire(["serve", "-o", out, "--listen", url.replace("http://", "").replace(/\/$/, "")]);
    expect([code, err]).toEqual([1, expect.stringMatching(/^oddwire: cannot listen on .*choose another with --listen\)\n$/)]);
  });

  test("a directory without a store is refused", async () => {
    const { code, err } = await oddwire(["serve", "-o", folder.at("nowhere")]);
    expect([code, err]).toEqual([1, expect.stringMatching(/cannot open the store/)]);
  });
});
