import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type WrittenRow, writeMmdb } from "#engine/geo/mmdb-writer.common.ts";
import type { OddwireEvent } from "#schema/event.ts";
import { oddwire, parseLines, temporary } from "./oddwire.ts";
import { eventsIn, reading } from "./reading.ts";
import { complaints } from "./schema-complaints.ts";
import { trafficFile } from "./traffic.ts";

/** Clients are in 10.1.0.0/16, servers in 10.2.0.0/16, and both ask 10.0.0.53. */
const rows: readonly WrittenRow[] = [
  ["10.1.0.0/16", { country: { iso_code: "DE", names: { en: "Germany" } } }],
  ["10.2.0.0/16", { country: { iso_code: "US", names: { en: "United States" } } }],
  ["10.2.0.0/28", { country: { iso_code: "FR", names: { en: "France" } } }],
];
const systems: readonly WrittenRow[] = [
  ["10.2.0.0/16", { autonomous_system_number: 64_500, autonomous_system_organization: 'Example "Net"' }],
];

const folder = temporary();
const capture = folder.at("traffic.pcap");
const databases = `geo.files=${folder.at("country.mmdb")},${folder.at("asn.mmdb")}`;
afterAll(() => folder[Symbol.dispose]());
beforeAll(() => {
  writeFileSync(capture, trafficFile(40));
  writeFileSync(folder.at("country.mmdb"), writeMmdb(rows));
  writeFileSync(folder.at("asn.mmdb"), writeMmdb(systems, { recordBits: 28, version: 4, type: "GeoLite2-ASN" }));
});

const flowsTo = (events: readonly OddwireEvent[], server: string): readonly OddwireEvent[] =>
  events.filter(({ event_type, dest_ip }) => event_type === "flow" && dest_ip === server);

const members = (event: OddwireEvent | undefined): unknown =>
  Object.fromEntries(Object.entries(event ?? {}).filter(([name]) => /_(country|asn|as_org)$/.test(name)));

describe("where addresses belong", () => {
  test("flow events tell country and system of both ends, as far as they are known", async () => {
    const run = await reading([capture], { settings: [databases] });
    const events = eventsIn(run);
    const there = { dest_asn: 64_500, dest_as_org: 'Example "Net"' };
    expect(members(flowsTo(events, "10.2.0.20")[0])).toEqual({ src_country: "DE", dest_country: "US", ...there });
    expect(members(flowsTo(events, "10.2.0.3")[0])).toEqual({ src_country: "DE", dest_country: "FR", ...there });
    expect(members(flowsTo(events, "10.0.0.53")[0])).toEqual({ src_country: "DE" });
    expect(complaints(events)).toEqual([]);
  });

  test("without a database nothing is told of it; with one the number of workers changes nothing", async () => {
    expect((await reading([capture])).eve.toString()).not.toMatch(/_country|_asn/);
    const one = await reading([capture], { settings: [databases] });
    const three = await reading([capture], { settings: [databases, "engine.workers=3"] });
    expect(three.eve.equals(one.eve)).toBe(true);
  });

  test("the history is asked by country, either side", async () => {
    const out = folder.at("out");
    await oddwire(["read", capture, "-o", out, "--set", databases]);
    const count = async (expression: string): Promise<string> =>
      (await oddwire(["query", "flows", expression, "-o", out, "--count"])).out.trim();
    expect([await count("country = FR"), await count("src_country = DE"), await count("asn = 64500 and country = US")]).toEqual([
      "16",
      "80",
      "24",
    ]);
  });

  test("a damaged database is refused with its cause", async () => {
    writeFileSync(folder.at("bad.mmdb"), writeMmdb(rows).subarray(100));
    const { code, err } = await oddwire(["read", capture, "-o", folder.at("bad"), "--set", `geo.files=${folder.at("bad.mmdb")}`]);
    expect([code === 0, err]).toEqual([false, expect.stringMatching(/bad\.mmdb: the file is damaged: .*\(fetch it again\)/)]);
  });
});

/** Rules that do not look at messages: Suricata refuses the others. */
const rules = [
  'alert ip any any -> any any (msg:"from"; geoip:src,DE; sid:1;)',
  'alert ip any any -> any any (msg:"to"; geoip:dst,US; sid:2;)',
  'alert ip any any -> any any (msg:"either"; geoip:any,US,FR; sid:3;)',
  'alert ip any any -> any any (msg:"no side"; geoip:FR; sid:4;)',
  'alert ip any any -> any any (msg:"both"; geoip:both,US,DE; sid:5;)',
  'alert ip any any -> any any (msg:"not"; geoip:dst,!US; sid:6;)',
  'alert ip any any -> any any (msg:"not these"; geoip:dst,!US,!FR; sid:7;)',
  'alert tcp any any -> any any (msg:"in a flow"; flow:to_server,established; geoip:dst,US; sid:8;)',
  'alert tcp any any -> any any (msg:"with content"; content:"GET"; geoip:dst,FR; sid:9;)',
  'alert tcp any any -> any any (msg:"flags"; flags:S; geoip:dst,US; sid:10;)',
  'alert udp any any -> any 53 (msg:"asks"; content:"example"; geoip:src,DE; sid:11;)',
];

/** Alerts of each rule. */
function counted(events: readonly OddwireEvent[]): Record<string, number> {
  const found: Record<string, number> = {};
  for (const event of events) {
    const sid = (event["alert"] as { signature_id: number } | undefined)?.signature_id;
    if (event.event_type === "alert" && sid !== undefined) found[sid] = (found[sid] ?? 0) + 1;
  }
  return found;
}

describe("rules with geoip", () => {
  const file = folder.at("geoip.rules");
  beforeAll(() => writeFileSync(file, rules.join("\n")));

  test("are refused without a database, each by name", async () => {
    const { out } = await oddwire(["rules", "check", file]);
    expect(out).toMatch(/geoip has no database of countries to look into/);
    expect(counted(eventsIn(await reading([capture], { settings: [`rules.files=${file}`] })))).toEqual({});
  });

  test("match by the countries of the packet's addresses, on any number of workers", async () => {
    const settings = [databases, `rules.files=${file}`];
    const run = await reading([capture], { settings });
    const found = counted(eventsIn(run));
    expect(found).toMatchObject({ 2: 120, 9: 16, 10: 24, 11: 40 });
    expect((await reading([capture], { settings: [...settings, "engine.workers=3"] })).eve.equals(run.eve)).toBe(true);
  });

  test.skipIf(!hasSuricata())("match as often as in Suricata", async () => {
    const out = folder.at("suricata");
    mkdirSync(out);
    const database = `geoip-database=${folder.at("country.mmdb")}`;
    execFileSync("suricata", ["--set", database, "-S", file, "-l", out, "-r", capture, "-k", "none", "--runmode", "single"], {
      stdio: "ignore",
    });
    const theirs = counted(parseLines(readFileSync(`${out}/eve.json`, "utf8")));
    const ours = counted(eventsIn(await reading([capture], { settings: [databases, `rules.files=${file}`] })));
    expect(ours).toEqual(theirs);
  });
});

function hasSuricata(): boolean {
  try {
    return existsSync("/etc/suricata/suricata.yaml") && /GeoIP2 support:\s+yes/.test(execFileSync("suricata", ["--build-info"]).toString());
  } catch {
    return false;
  }
}
