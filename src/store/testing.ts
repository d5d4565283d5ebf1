import { Random } from "#base/random.ts";
import { type Micros, TimeText } from "#base/time.ts";
import type { OddwireEvent } from "#contract/event.ts";
import type { Column, Kind } from "#schema/field.ts";
import { engineKinds } from "#schema/kinds.ts";

/** Events as the engine writes them, made from a seed: for tests and measurements of stores and sinks. */

const column = (name: string, path: string, type: Column["type"] = "text", index = false): Column => ({ name, path, type, index, doc: "" });
const kind = (name: string, columns: readonly Column[]): Kind => ({ name, summary: "", fields: {}, columns });

/** The engine's kinds and three as protocols declare them. */
export const testKinds: readonly Kind[] = [
  ...engineKinds,
  kind("dns", [
    column("rrname", "dns.queries.rrname", "text", true),
    column("rrtype", "dns.queries.rrtype"),
    column("rcode", "dns.rcode"),
    column("answers", "dns.answers.rdata"),
    column("answer", "dns.qr", "integer"),
  ]),
  kind("tls", [column("sni", "tls.sni", "text", true), column("version", "tls.version"), column("ja3", "tls.ja3.hash", "text", true)]),
  kind("http", [
    column("hostname", "http.hostname", "text", true),
    column("url", "http.url"),
    column("status", "http.status", "integer"),
    column("length", "http.length", "integer"),
  ]),
];

/** 2026-01-31T12:00:00Z, microseconds. */
export const testStart = 1_769_860_800_000_000;

export interface TestEventOptions {
  readonly seed?: number;
  /** Time from one event to the next, microseconds. */
  readonly step?: number;
  readonly start?: number;
}

/** So many lines of EVE JSON, each ended by a newline: six of ten are flows. */
export function testLines(count: number, options: TestEventOptions = {}): string[] {
  return testEvents(count, options).map((event) => `${JSON.stringify(event)}\n`);
}

export function testEvents(count: number, { seed = 1, step = 300, start = testStart }: TestEventOptions = {}): OddwireEvent[] {
  const random = new Random(seed);
  const time = new TimeText();
  return Array.from({ length: count }, (_, i) => {
    const at = start + i * step;
    const timestamp = time.format(at as Micros);
    const turn = i % 10;
    const type = turn < 6 ? "flow" : turn < 8 ? "dns" : turn === 8 ? "tls" : "http";
    return { ...head(type, timestamp, i, random), ...BODIES[type](random, time, at, i) };
  });
}

export const toBytes = (lines: readonly string[]): Uint8Array => new TextEncoder().encode(lines.join(""));

function head(type: string, timestamp: string, i: number, random: Random): OddwireEvent {
  const six = random.chance(0.1);
  return {
    timestamp,
    flow_id: random.between(1, 2 ** 31) * 1000 + i,
    pcap_cnt: i + 1,
    event_type: type,
    ...(random.chance(0.05) ? { vlan: [random.between(1, 4095)] } : {}),
    src_ip: six ? address6(random) : `10.${random.between(0, 4)}.${random.between(0, 250)}.${random.between(1, 250)}`,
    src_port: random.between(1024, 65_536),
    dest_ip: six ? address6(random) : `93.${random.between(0, 200)}.${random.between(0, 250)}.7`,
    dest_port: type === "dns" ? 53 : random.pick([80, 443, 8080]),
    proto: type === "dns" ? "UDP" : "TCP",
  };
}

const address6 = (random: Random): string =>
  `2001:0db8:0000:0000:0000:0000:0000:${random.between(0, 65_536).toString(16).padStart(4, "0")}`;

type Body = (random: Random, time: TimeText, at: number, i: number) => object;

const BODIES: { readonly [type in "flow" | "dns" | "tls" | "http"]: Body } = {
  flow: (random, time, at) => ({
    ...(random.chance(0.8) ? { app_proto: random.pick(["tls", "dns", "http", "failed"]) } : {}),
    pkt_src: "wire/pcap",
    community_id: `1:${random.uint32().toString(36)}abcdefghijklmnopqrs=`,
    flow: {
      pkts_toserver: random.between(1, 100),
      pkts_toclient: random.between(0, 100),
      bytes_toserver: random.between(60, 100_000),
      bytes_toclient: random.between(0, 10_000_000),
      start: time.format((at - random.between(0, 1_000_000)) as Micros),
      end: time.format(at as Micros),
      age: 0,
      state: random.pick(["new", "established", "closed"]),
      reason: random.pick(["timeout", "fin", "rst"]),
      alerted: random.chance(0.01),
      size_toserver: { mean: random.between(60, 1400) + 0.25, stddev: 12.5 },
    },
    tcp: { tcp_flags: "1b", tcp_flags_ts: "1b", tcp_flags_tc: "1b", syn: true, fin: true, psh: true, ack: true, state: "closed" },
  }),
  dns: (random, _time, _at, i) => ({
    pkt_src: "wire/pcap",
    tx_id: 0,
    dns: {
      version: 3,
      type: "response",
      id: i % 65_536,
      flags: "8180",
      qr: true,
      rd: true,
      ra: true,
      rcode: random.pick(["NOERROR", "NXDOMAIN"]),
      queries: [{ rrname: `host${random.between(0, 5000)}.example.com`, rrtype: random.pick(["A", "AAAA"]) }],
      answers: [
        { rrname: "www.example.com", rrtype: "A", ttl: 300, rdata: "93.184.216.34" },
        { rrname: "www.example.com", rrtype: "A", ttl: 300, rdata: "93.184.216.35" },
      ],
    },
  }),
  tls: (random) => ({
    pkt_src: "wire/pcap",
    tx_id: 0,
    tls: {
      ...(random.chance(0.9) ? { sni: `www${random.between(0, 3000)}.example.com` } : {}),
      version: random.pick(["TLS 1.2", "TLS 1.3"]),
      cipher: "TLS_AES_128_GCM_SHA256",
      ja3: { hash: "e7d705a3286e19ea42f587b344ee6865", string: "771,4865-4866-4867-49195-49199,0-23-65281-10-11-35,29-23-24,0" },
    },
  }),
  http: (random, _time, _at, i) => ({
    pkt_src: "wire/pcap",
    tx_id: 0,
    http: {
      hostname: `www${random.between(0, 3000)}.example.com`,
      url: `/index.html?q=${i}&s="ä"`,
      http_user_agent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36",
      http_method: "GET",
      protocol: "HTTP/1.1",
      status: random.pick([200, 301, 404]),
      length: random.between(0, 100_000),
    },
  }),
};

/** Events that are spelled or ordered otherwise than the engine does; each line has to come back as the same event. */
export const oddLines: readonly string[] = [
  '{"event_type":"flow","timestamp":"2026-01-31T12:00:00.000001+0000","flow":{}}',
  '{ "timestamp" : "2026-01-31T12:00:00.000001+0000", "event_type" : "flow", "src_ip" : "10.0.0.1" }',
  '{"timestamp":"2026-01-31T13:00:00.000001+0100","event_type":"flow","src_ip":"10.0.0.1"}',
  '{"timestamp":"2026-01-31T12:00:00.000001+0000","event_type":"flow"}',
  '{"timestamp":"2026-01-31T12:00:00.000001+0000","flow_id":1,"event_type":"flow","src_ip":"2001:db8::1","dest_ip":"2001:0DB8:0000:0000:0000:0000:0000:0001"}',
  '{"timestamp":"2026-01-31T12:00:00.000001+0000","event_type":"flow","src_ip":"not an address","src_port":"80","proto":17}',
  '{"timestamp":"2026-01-31T12:00:00.000001+0000","flow_id":18446744073709551615,"event_type":"flow","src_port":1.5,"dest_port":-1}',
  '{"timestamp":"2026-01-31T12:00:00.000001+0000","event_type":"tls","src_ip":"010.0.0.1","tls":{"sni":"\\u00e4\\"\\\\\\n","version":null,"ja3":"text"}}',
  '{"timestamp":"2026-01-31T12:00:00.000001+0000","event_type":"tls","tls":[{"sni":"a"},{"sni":"b"}],"event_type":"tls"}',
  '{"timestamp":"2026-01-31T12:00:00.000001+0000","event_type":"tls","proto":"TCP","src_ip":"10.0.0.1","tls":{"sni":"ä€😀"}}',
  '{"timestamp":"2026-01-31T12:00:00.000001+0000","event_type":"dns","metadata":{"event_type":"flow","__proto__":{"x":1}},"dns":{"queries":[],"rcode":true}}',
  '{"metadata":{"event_type":"dns"},"timestamp":"2026-01-31T12:00:00.000001+0000","event_type":"flow"}',
  '{"timestamp":"2026-01-31T12:00:00.000001+0000","src_ip":null,"event_type":"flow","flow_id":0,"flow":{"start":"never","bytes_toserver":"1","age":1e3}}',
  '{"timestamp":"2026-01-31T12:00:00.000001+0000","event_type":"http","http":{"url":"/}{\\"event_type\\":\\"flow\\"","status":"200","length":1e400}}',
];

/** Lines that are no events. */
export const brokenLines: readonly string[] = [
  "",
  "{",
  "}",
  "{}",
  "[]",
  "null",
  "nonsense",
  '{"timestamp":"2026-01-31T12:00:00.000001+0000"}',
  '{"event_type":"flow"}',
  '{"timestamp":"yesterday","event_type":"flow"}',
  '{"timestamp":"2026-01-31T12:00:00.000001+0000","event_type":7}',
  '{"timestamp":"2026-01-31T12:00:00.000001+0000","event_type":"flow","flow":{',
  '{"timestamp":"2026-01-31T12:00:00.000001+0000","event_type":"flow","src_ip":"10.0.0.1}',
];
