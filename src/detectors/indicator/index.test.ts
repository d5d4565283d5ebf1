import { expect, test } from "vitest";
import { parseAddress } from "#base/address.ts";
import type { Alert, FlowLookup } from "#contract/inspector.ts";
import type { Transaction } from "#contract/parser.ts";
import { stepsOf, textsAt } from "./facts.ts";
import { IndicatorInspector } from "./inspector.ts";
import { LoadedIndicators } from "./load.ts";

const start = Date.UTC(2026, 0, 1) * 1000;

/** One flow, of 10.0.0.1 port 40000 to 192.0.2.9 port 443, in slot 3. */
class OneFlow {
  time = start;
  readonly addressWords = new Int32Array(64);
  readonly alerts: Alert[] = [];
  readonly inspector: IndicatorInspector;

  constructor(list: string, version: 4 | 6 = 4) {
    const ends = version === 4 ? ["10.0.0.1", "192.0.2.9"] : ["2001:db8::1", "2001:db8:1::9"];
    for (const [side, text] of ends.entries()) this.addressWords.set(parseAddress(text)?.words ?? [], 16 + side * 4);
    const flows = {
      addressWords: this.addressWords,
      addressAt: () => 16,
      isIpv6: () => version === 6,
      transportOf: () => 6,
      clientPort: () => 40_000,
      serverPort: () => 443,
    };
    const lookup = Object.defineProperty(flows, "time", { get: () => this.time }) as unknown as FlowLookup;
    this.inspector = new IndicatorInspector(loaded(list), lookup, (alert) => this.alerts.push(alert));
  }

  transaction(kind: string, fields: Transaction): void {
    this.inspector.open(3)?.transaction(kind, 0, 7, fields, undefined);
  }

  get told(): string[] {
    return this.alerts.map(({ members }) => {
      const told = members?.["indicator"] as { type: string; value: string; place: string } | undefined;
      return `${told?.type} ${told?.value} at ${told?.place}`;
    });
  }
}

const loaded = (text: string): LoadedIndicators =>
  new LoadedIndicators({ files: [], variables: { addresses: {}, ports: {} }, lists: {}, indicators: [{ name: "test", text }] });

test.each<[string, string, 4 | 6, string[]]>([
  ["the server's address", "192.0.2.9", 4, ["address 192.0.2.9 at flow.dest_ip"]],
  ["the client's network", "10.0.0.0/8", 4, ["address 10.0.0.0/8 at flow.src_ip"]],
  ["both", "10.0.0.1\n192.0.2.0/24", 4, ["address 10.0.0.1 at flow.src_ip", "address 192.0.2.0/24 at flow.dest_ip"]],
  ["the server's address with its port", "192.0.2.9:443", 4, ["address 192.0.2.9:443 at flow.dest_ip"]],
  ["another port", "192.0.2.9:80", 4, []],
  ["IPv6", "2001:db8:1::/48", 6, ["address 2001:db8:1::/48 at flow.dest_ip"]],
  ["an allowed address", "192.0.2.9\n!192.0.2.0/24", 4, []],
  ["what has expired", "value,expires\n192.0.2.9,2025-12-31", 4, []],
])("a flow begins: %s", (_case, list, version, told) => {
  const flow = new OneFlow(list, version);
  flow.inspector.flowStart(3);
  expect(flow.told).toEqual(told);
});

const digits = "ab".repeat(16);
test.each<[string, string, string, Transaction, string[]]>([
  ["a name asked for", "evil.example", "dns", { rrname: "www.evil.example" }, ["domain evil.example at dns.rrname"]],
  [
    "one question of several",
    "evil.example",
    "dns",
    { queries: [{ rrname: "a" }, { rrname: "evil.example" }] },
    ["domain evil.example at dns.queries.rrname"],
  ],
  ["an address in an answer", "192.0.2.5", "dns", { answers: [{ rdata: "192.0.2.5" }] }, ["address 192.0.2.5 at dns.answers.rdata"]],
  ["a name in an answer", "evil.example", "dns", { answers: [{ rdata: "evil.example" }] }, ["domain evil.example at dns.answers.rdata"]],
  ["a server name", "evil.example", "tls", { sni: "evil.example" }, ["domain evil.example at tls.sni"]],
  ["JA3", digits, "tls", { ja3: { hash: digits } }, [`ja3 ${digits} at tls.ja3.hash`]],
  [
    "a certificate of the chain",
    `# oddwire: type=certificate\n${"ab".repeat(20)}`,
    "tls",
    { cert_chain: [{ fingerprint: Array(20).fill("ab").join(":") }] },
    [`certificate ${"ab".repeat(20)} at tls.cert_chain.fingerprint`],
  ],
  ["a server name over QUIC", "evil.example", "quic", { sni: "evil.example" }, ["domain evil.example at quic.sni"]],
  ["a host", "evil.example", "http", { hostname: "evil.example", url: "/" }, ["domain evil.example at http.hostname"]],
  ["a host that is an address", "192.0.2.5", "http", { hostname: "192.0.2.5", url: "/" }, ["address 192.0.2.5 at http.hostname"]],
  ["a URL", "http://evil.example/a", "http", { hostname: "evil.example", url: "/a?b" }, ["url evil.example/a at http.url"]],
  [
    "a URL with a port",
    "http://evil.example:81/a",
    "http",
    { hostname: "evil.example", http_port: 81, url: "/a" },
    ["url evil.example:81/a at http.url"],
  ],
  [
    "a URL asked of a proxy",
    "http://evil.example/a",
    "http",
    { hostname: "evil.example", url: "http://evil.example/a" },
    ["url evil.example/a at http.url"],
  ],
  ["a file", digits, "fileinfo", { md5: digits }, [`md5 ${digits} at fileinfo.md5`]],
  [
    "HASSH",
    `# oddwire: type=hassh\n${digits}`,
    "ssh",
    { client: { hassh: { hash: digits } } },
    [`hassh ${digits} at ssh.client.hassh.hash`],
  ],
  ["an allowed name", "evil.example\n!www.evil.example", "tls", { sni: "www.evil.example" }, []],
  ["an allowed URL", "http://evil.example/a\n!evil.example", "http", { hostname: "evil.example", url: "/a" }, []],
  ["an allowed digest", `${digits}\n!${digits}`, "fileinfo", { md5: digits }, []],
  [
    "an allowed JA4",
    "t13d1516h2_8daaf6152771_02713d6af862\n!t13d1516h2_8daaf6152771_02713d6af862",
    "tls",
    { ja4: "t13d1516h2_8daaf6152771_02713d6af862" },
    [],
  ],
  ["an allowed address in an answer", "192.0.2.5\n!192.0.2.0/24", "dns", { answers: [{ rdata: "192.0.2.5" }] }, []],
])("a transaction: %s", (_case, list, kind, fields, told) => {
  const flow = new OneFlow(list);
  flow.transaction(kind, fields);
  expect(flow.told).toEqual(told);
});

test("an indicator is told once a flow, and again by the next flow in the slot", () => {
  const flow = new OneFlow("evil.example\nother.example");
  for (const name of ["evil.example", "a.evil.example", "other.example"]) flow.transaction("dns", { rrname: name });
  expect(flow.told).toHaveLength(2);
  flow.inspector.flowEnd(3);
  flow.transaction("dns", { rrname: "evil.example" });
  expect(flow.told).toHaveLength(3);
});

test("the alert says what, where from and until when", () => {
  const flow = new OneFlow("value,source,expires,note,severity\nevil.example,CERT,2027-01-01,phishing,high");
  flow.transaction("dns", { rrname: "www.evil.example" });
  expect(flow.alerts[0]).toMatchObject({
    slot: 3,
    txId: 7,
    gate: -1,
    alert: { gid: 9002, signature_id: 2, signature: "Listed name: evil.example", category: "indicator", severity: 1 },
    members: {
      engine: "oddwire",
      indicator: { seen: "www.evil.example", list: "test", source: "CERT", expires: "2027-01-01T00:00:00Z", note: "phishing" },
      dns: { rrname: "www.evil.example" },
    },
  });
});

test("new lists hold from then on, for flows that are alive too", () => {
  const flow = new OneFlow("evil.example");
  const stream = flow.inspector.open(3);
  stream?.transaction("dns", 0, 0, { rrname: "other.example" }, undefined);
  flow.inspector.use(loaded("other.example"));
  stream?.transaction("dns", 0, 1, { rrname: "other.example" }, undefined);
  stream?.transaction("dns", 0, 2, { rrname: "evil.example" }, undefined);
  expect(flow.told).toEqual(["domain other.example at dns.rrname"]);
});

test("no transaction throws, whatever it holds", () => {
  const flow = new OneFlow("evil.example\nhttp://evil.example/a\n192.0.2.5");
  for (const fields of [
    {},
    { rrname: 5 },
    { queries: "x" },
    { queries: [null, 5, {}] },
    { answers: { rdata: "x" } },
    { url: "://", hostname: "" },
    { url: 7 },
  ])
    for (const kind of ["dns", "tls", "http", "fileinfo"]) flow.transaction(kind, fields);
  expect(flow.alerts).toEqual([]);
});

test("paths lead through lists and objects", () => {
  const texts: string[] = [];
  textsAt({ a: [{ b: "x" }, { b: 5 }, "y", { b: "z" }] }, stepsOf("a[].b"), (text) => texts.push(text));
  expect(texts).toEqual(["x", "z"]);
});
