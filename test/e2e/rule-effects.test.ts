import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import { type PcapRecord, pcapFile } from "#capture/testing.ts";
import type { OddwireEvent } from "#schema/event.ts";
import { temporary } from "./oddwire.ts";
import { eventsIn, firstDifference, type Reading, reading } from "./reading.ts";
import { complaints } from "./schema-complaints.ts";
import { trafficFile } from "./traffic.ts";

/** Conversations in the capture: each asks a name (two datagrams) and fetches a page of three segments over TCP. */
const conversations = 40;

const folder = temporary();
afterAll(() => folder[Symbol.dispose]());
beforeAll(() => {
  writeFileSync(folder.at("traffic.pcap"), trafficFile(conversations));
  writeFileSync(folder.at("categories.txt"), "# number, name, what\n1,BadHosts,hosts\n2,Spam,mail\n");
  writeFileSync(folder.at("reputation.txt"), "10.1.0.0/16,1,50\n10.0.0.53,2,100\n");
});

async function run(rules: string, settings: readonly string[] = []): Promise<Reading> {
  const file = folder.at("rules.rules");
  writeFileSync(file, rules);
  return await reading([folder.at("traffic.pcap")], { settings: [`rules.files=${file}`, ...settings] });
}

const of = (events: readonly OddwireEvent[], kind: string): readonly OddwireEvent[] =>
  events.filter(({ event_type }) => event_type === kind);

/** Alerts by sid. */
async function counts(rules: string, settings: readonly string[] = []): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const event of of(eventsIn(await run(rules, settings)), "alert")) {
    const { signature_id: sid } = event["alert"] as { signature_id: number };
    found[sid] = (found[sid] ?? 0) + 1;
  }
  return found;
}

/** The same bytes on one, two and four workers. */
async function sameOnAllWorkers(rules: string): Promise<Reading> {
  const one = await run(rules);
  for (const workers of [2, 4]) expect(firstDifference(one.eve, (await run(rules, [`engine.workers=${workers}`])).eve)).toBeUndefined();
  return one;
}

describe("tag:session", () => {
  test("tells the next packets of the flow, as they were captured", async () => {
    const result = await sameOnAllWorkers("alert tcp any any -> any any (flags:S; tag:session,3,packets; sid:1;)");
    const events = eventsIn(result);
    const packets = of(events, "packet");
    expect(packets).toHaveLength(2 * conversations);
    expect(complaints(packets)).toEqual([]);
    const [first] = packets;
    const bytes = Uint8Array.fromBase64(first?.["packet"] as string);
    expect([...bytes.subarray(12, 14)]).toEqual([8, 0]);
    expect(first?.["packet_info"]).toEqual({ linktype: 1 });
  });

  test("of a rule that is silent, too", async () => {
    const events = eventsIn(await run("alert tcp any any -> any any (flags:S; noalert; tag:session,2,packets; sid:1;)"));
    expect([of(events, "alert").length, of(events, "packet").length]).toEqual([0, conversations]);
  });
});

test("tag:host tells what a host sends and receives, whoever the other side is", async () => {
  const result = await sameOnAllWorkers(
    "alert udp any any -> 10.0.0.53 any (threshold:type limit, track by_dst, count 1, seconds 600; tag:host,31,packets,dst; sid:1;)",
  );
  const events = eventsIn(result);
  const packets = of(events, "packet");
  expect([of(events, "alert").length, packets.length]).toEqual([1, 30]);
  const hosts = packets.map(({ src_ip, dest_ip }) => (src_ip === "10.0.0.53" ? dest_ip : src_ip));
  expect(packets.every(({ src_ip, dest_ip }) => src_ip === "10.0.0.53" || dest_ip === "10.0.0.53")).toBe(true);
  expect(new Set(hosts).size).toBeGreaterThan(10);
});

const ping = (type: string, from: string, to: string): PcapRecord => ({
  seconds: 1_750_000_000,
  data: fromHex(
    `0200000000010200000000020800 4500001c00000000400100000a0000${from}0a0000${to} ${type}0000000000070001`.replaceAll(" ", ""),
  ),
});

test("an alert about the answer to a ping tells the answer's type", async () => {
  writeFileSync(folder.at("ping.pcap"), pcapFile({}, [ping("08", "01", "02"), ping("00", "02", "01")]));
  writeFileSync(folder.at("ping.rules"), "alert icmp any any -> any any (itype:<9; sid:1;)");
  const read = await reading([folder.at("ping.pcap")], {
    settings: [`rules.files=${folder.at("ping.rules")}`, "capture.checksum-validation=no"],
  });
  const told = eventsIn(read).map((event) => [event.event_type, event.src_ip, event["icmp_type"], event["response_icmp_type"]]);
  expect(told.filter(([kind]) => kind === "alert" || kind === "flow")).toEqual([
    ["alert", "10.0.0.1", 8, undefined],
    ["alert", "10.0.0.2", 0, undefined],
    ["flow", "10.0.0.1", 8, 0],
  ]);
});

test("bits of transactions are seen in both directions of one, and in no other", async () => {
  const rules = [
    'alert http any any -> any any (flow:to_server; http.uri; content:"/"; xbits:set,asked,track tx; noalert; sid:1;)',
    'alert http any any -> any any (flow:to_client; http.stat_code; content:"200"; xbits:isset,asked,track tx; sid:2;)',
    'alert http any any -> any any (flow:to_client; http.stat_code; content:"200"; xbits:isnotset,asked,track tx; sid:3;)',
    "alert dns any any -> any any (dns.opcode:0; xbits:isset,asked,track tx; sid:4;)",
  ];
  expect(await counts(rules.join("\n"))).toEqual({ 2: conversations });
});

const filtered = (more: string): string =>
  `alert udp any any -> 10.0.0.53 any (detection_filter:track by_dst, count 10, seconds 600${more}; sid:1;)`;

test("detection_filter counts different ports with unique_on", async () => {
  const all = (await counts(filtered("")))[1];
  expect(await counts(filtered(", unique_on dst_port"))).toEqual({});
  expect((await counts(filtered(", unique_on src_port")))[1]).toBeLessThanOrEqual(all ?? 0);
});

const asking = (what: string): string => `alert udp any any -> any any (iprep:${what}; dsize:>0; sid:1;)`;
const lists = (): string[] => [
  `rules.reputation-categories=${folder.at("categories.txt")}`,
  `rules.reputation-files=${folder.at("reputation.txt")}`,
];

describe("iprep", () => {
  test.each<readonly [string, string, Record<string, number>]>([
    ["the sender's score", "src,BadHosts,>,49", { 1: 40 }],
    ["a score that is too low", "src,BadHosts,>,50", {}],
    ["either", "any,Spam,=,100", { 1: 80 }],
    ["both, of which one has no score", "both,Spam,>,1", {}],
    ["who has one", "dst,BadHosts,isset", { 1: 40 }],
    ["who has none", "dst,BadHosts,isnotset", { 1: 40 }],
  ])("asks for %s", async (_case, one, wanted) => expect(await counts(asking(one), lists())).toEqual(wanted));

  test("is refused without lists, and for categories that there are not", async () => {
    expect(await counts(asking("src,BadHosts,>,1"))).toEqual({});
    expect(await counts(asking("src,Others,>,1"), lists())).toEqual({});
  });
});

/** URLs of the files that are kept. */
async function stored(rules: string): Promise<readonly string[]> {
  const events = of(eventsIn(await run(rules, [`files.extract=${folder.at("files")}`])), "fileinfo");
  return events.flatMap(({ fileinfo, http }) => ((fileinfo as { stored: boolean }).stored ? [(http as { url: string }).url] : []));
}

describe("filestore keeps", () => {
  test.each<readonly [string, string, number]>([
    ["files that the rule has matched", 'http any any -> any any (file.data; content:"xxxx"; filesize:>2999; filestore; sid:1;)', 40],
    ["none that it has not", 'http any any -> any any (file.data; content:"nowhere"; filestore; sid:1;)', 0],
    ["none when it is about another protocol", "smtp any any -> any any (filestore; sid:1;)", 0],
    ["all when no rule says which", "tcp any any -> any any (sid:1;)", 40],
    ["those of one client", "http 10.1.0.7 any <> any any (filestore; sid:1;)", 1],
  ])("%s", async (_case, rule, wanted) => expect(await stored(`alert ${rule}`)).toHaveLength(wanted));
});
