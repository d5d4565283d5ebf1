import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OddwireEvent } from "#schema/event.ts";
import { temporary } from "./oddwire.ts";
import { eventsIn, firstDifference, reading } from "./reading.ts";
import { complaints } from "./schema-complaints.ts";
import { trafficFile } from "./traffic.ts";

/** Conversations in the capture: each asks a name (two datagrams) and fetches a page of three segments over TCP. */
const conversations = 40;

const folder = temporary();
afterAll(() => folder[Symbol.dispose]());
beforeAll(() => {
  writeFileSync(folder.at("traffic.pcap"), trafficFile(conversations));
  writeFileSync(folder.at("late.pcap"), trafficFile(conversations, 3000, 400_000));
});

/** Alerts of one run with these rules, a line each. */
async function alertsOf(rules: string, more: readonly string[] = [], capture = "traffic.pcap"): Promise<readonly OddwireEvent[]> {
  const file = folder.at("rules.rules");
  writeFileSync(file, rules);
  const run = await reading([folder.at(capture)], { settings: [`rules.files=${file}`, ...more] });
  expect(run.bugs).toEqual([]);
  return eventsIn(run).filter(({ event_type }) => event_type === "alert");
}

/** Alerts by sid. */
async function counts(rules: string, more: readonly string[] = [], capture?: string): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const event of await alertsOf(rules, more, capture)) {
    const { signature_id: sid } = event["alert"] as { signature_id: number };
    found[sid] = (found[sid] ?? 0) + 1;
  }
  return found;
}

describe("rules: what is judged", () => {
  test.each<readonly [string, string, Record<string, number>]>([
    [
      "addresses and ports: once a side and flow",
      "alert tcp any any -> any any (sid:1;) alert tcp any any -> any 80 (sid:2;)",
      { 1: 80, 2: 40 },
    ],
    [
      "the parts of a header",
      "alert udp 10.1.0.0/16 any -> 10.0.0.53 53 (dsize:>0; sid:1;) alert udp 10.9.0.0/16 any -> any any (sid:2;)",
      { 1: 40 },
    ],
    ["both directions of a header", "alert udp any 53 <> any any (dsize:>0; sid:1;)", { 1: 80 }],
    ["flags of a segment", "alert tcp any any -> any any (flags:S; sid:1;)", { 1: 40 }],
    ["the state of a flow", "alert udp any any -> any any (flow:established; dsize:>0; sid:1;)", { 1: 40 }],
    [
      "contents in datagrams",
      'alert udp any any -> any 53 (content:"example"; sid:1;) alert udp any any -> any any (content:"nothing"; sid:2;)',
      { 1: 40 },
    ],
    ["contents in streams: once a message", 'alert tcp any any -> any any (content:"HTTP/1.1"; sid:1;)', { 1: 80 }],
    [
      "contents in packets, in streams, and where they have a place in both",
      'alert tcp-pkt any any -> any any (content:"GET "; sid:1;) alert tcp-stream any any -> any any (content:"GET "; sid:2;) alert tcp any any -> any any (content:"GET "; depth:4; sid:3;)',
      { 1: 40, 2: 40, 3: 80 },
    ],
    [
      "words of a request and of an answer",
      'alert http any any -> any any (http.uri; content:"/page/"; sid:1;) alert http any any -> any any (http.stat_code; content:"200"; sid:2;)',
      { 1: 40, 2: 40 },
    ],
    [
      "the direction that a rule asks for",
      'alert http any any -> any any (flow:to_client; http.uri; content:"/page/"; sid:1;) alert http any any -> any any (flow:to_server; http.uri; content:"/page/1"; startswith; sid:2;)',
      { 2: 11 },
    ],
    [
      "several words of one message",
      'alert http any any -> any any (http.method; content:"GET"; http.uri; content:"/page/7"; endswith; http.host; content:"host-7.example"; sid:1;)',
      { 1: 1 },
    ],
    ["a word that an event tells", 'alert dns any any -> any any (dns.query; content:"host-3."; startswith; sid:1;)', { 1: 1 }],
    [
      "the content of a file",
      'alert http any any -> any any (file.data; content:"xxxx"; sid:1;) alert http any any -> any any (filesize:>2999; sid:2;)',
      { 1: 40, 2: 40 },
    ],
    ["a transform", 'alert dns any any -> any any (dns.query; to_uppercase; content:"HOST-9."; sid:1;)', { 1: 1 }],
    ["a pattern", 'alert http any any -> any any (http.uri; pcre:"/^\\/page\\/[0-4]$/"; sid:1;)', { 1: 5 }],
  ])("%s", async (_case, rules, wanted) => {
    expect(await counts(rules.replaceAll(") alert", ")\nalert"))).toEqual(wanted);
  });

  test("contents over the border of segments", async () => {
    const rules =
      'alert tcp any any -> any 80 (content:"GET /page/"; content:"HTTP/1.1"; sid:1;)\nalert tcp-pkt any any -> any 80 (content:"GET /page/"; content:"HTTP/1.1"; sid:2;)';
    expect(await counts(rules, [], "late.pcap")).toEqual({ 1: conversations });
  });
});

describe("rules: what follows", () => {
  test("bits of a flow: who sets them is judged first", async () => {
    const rules = [
      'alert http any any -> any any (flowbits:isset,asked; http.stat_code; content:"200"; sid:1;)',
      'alert http any any -> any any (flowbits:set,asked; flowbits:noalert; http.uri; content:"/page/5"; endswith; sid:2;)',
      'alert http any any -> any any (flowint:n,+,1; flowbits:isset,asked; http.stat_code; content:"200"; sid:3;)',
    ];
    const alerts = await alertsOf(rules.join("\n"));
    expect(alerts.map((event) => (event["alert"] as { signature_id: number }).signature_id)).toEqual([3, 1]);
    expect(alerts[1]?.["metadata"]).toEqual({ flowbits: ["asked"], flowints: { n: 1 } });
  });

  test("a pass rule silences what comes behind it, for the rest of the flow", async () => {
    const rules =
      'alert http any any -> any any (http.uri; content:"/page/"; sid:1;)\nalert http any any -> any any (http.stat_code; content:"200"; sid:2;)\npass http any any -> any any (http.uri; content:"/page/1"; sid:3;)';
    expect(await counts(rules)).toEqual({ 1: 29, 2: 29 });
  });

  test("no more alerts of one packet than allowed, the most severe ones", async () => {
    const rules = [3, 1, 2].map(
      (priority) => `alert http any any -> any any (http.uri; content:"/page/3"; endswith; priority:${priority}; sid:${priority};)`,
    );
    expect(await counts(rules.join("\n"), ["rules.packet-alerts-max=2"])).toEqual({ 1: 1, 2: 1 });
  });

  test("an alert tells rule, flow, transaction and what has matched", async () => {
    const rules =
      'alert http any any -> any any (msg:"page"; http.uri; content:"/page/3"; endswith; target:dest_ip; classtype:misc-activity; metadata:mitre_tactic_id TA0001; reference:url,example.org/x; rev:4; sid:9;)';
    const [event] = await alertsOf(rules);
    expect(event).toMatchObject({
      src_ip: "10.1.0.3",
      tx_id: 0,
      app_proto: "http",
      direction: "to_server",
      alert: {
        action: "allowed",
        gid: 1,
        signature_id: 9,
        rev: 4,
        signature: "page",
        category: "Misc activity",
        severity: 3,
        references: ["https://example.org/x"],
        metadata: { mitre_tactic_id: ["TA0001"] },
        mitre: { tactic_id: ["TA0001"] },
        source: { ip: "10.1.0.3" },
        target: { ip: "10.2.0.3", port: 80 },
      },
      http: { hostname: "host-3.example", url: "/page/3" },
      flow: { pkts_toserver: 3, pkts_toclient: 1, src_ip: "10.1.0.3", dest_port: 80 },
      matches: [{ buffer: "http.uri", offset: 0, length: 7, bytes: "/page/3" }],
    });
  });
});

/** Rules of every kind, whose alerts depend on order, on hosts, and on files. */
const mixed = [
  "alert tcp any any -> any any (sid:1;)",
  'alert tcp any any -> any any (content:"HTTP/1.1"; sid:2;)',
  'alert http any any -> any any (http.uri; content:"/page/"; threshold:type limit, track by_dst, count 2, seconds 60; sid:3;)',
  'alert dns any any -> any any (dns.query; content:"1.example"; xbits:set,seen,track ip_dst,expire 60; noalert; sid:4;)',
  'alert dns any any -> any any (dns.query; content:"2.example"; xbits:isset,seen,track ip_dst; sid:5;)',
  'alert http any any -> any any (file.data; content:"xxxx"; detection_filter:track by_rule, count 30, seconds 60; sid:6;)',
];

describe("rules: over all flows", () => {
  test("thresholds, and bits of hosts, in capture order", async () => {
    expect(await counts(mixed.join("\n"))).toEqual({ 1: 80, 2: 80, 3: 40, 5: 4, 6: 10 });
  });

  test.each(["engine.workers=2", "engine.workers=4", "engine.seed=77"])(
    "the same bytes with %s",
    async (setting) => {
      const file = folder.at("mixed.rules");
      writeFileSync(file, mixed.join("\n"));
      const settings = [`rules.files=${file}`];
      const one = await reading([folder.at("late.pcap")], { settings });
      const other = await reading([folder.at("late.pcap")], { settings: [...settings, setting], poison: true });
      expect(firstDifference(one.eve, other.eve)).toBeUndefined();
      expect(eventsIn(one).some(({ event_type }) => event_type === "alert")).toBe(true);
      expect(complaints(eventsIn(one))).toEqual([]);
    },
    60_000,
  );
});

describe("rules: sets of values", () => {
  test("a list in a file, and a set that a rule fills", async () => {
    writeFileSync(folder.at("names.lst"), `${Buffer.from("host-7.example").toString("base64")}\n`);
    const rules = `alert dns any any -> any any (dns.query; dataset:isset,names,type string,load names.lst; sid:1;)
alert dns any any -> any any (dns.query; pcre:"/^host-[12]./"; dataset:set,seen,type string; sid:2;)
alert http any any -> any any (http.method; dataset:set,methods,type string; sid:3;)`;
    const found = await alertsOf(rules);
    const sids = found.map((event) => (event["alert"] as { signature_id: number }).signature_id);
    expect(sids.filter((sid) => sid === 1)).toHaveLength(1);
    expect(sids.filter((sid) => sid === 2)).toHaveLength(22);
    // Each partition has a set of its own.
    expect(sids.filter((sid) => sid === 3).length).toBeLessThanOrEqual(16);
  });
});
