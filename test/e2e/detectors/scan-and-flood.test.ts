import { describe, expect, test } from "vitest";
import { isAttackCategory } from "#schema/finding.ts";
import { corpus, withoutCorpora } from "../corpora.ts";
import { eventsIn, reading } from "../reading.ts";

interface Told {
  readonly category: string;
  readonly detector: string;
  readonly target: string | undefined;
}

async function findingsOf(name: string): Promise<readonly Told[]> {
  const file = corpus().find((one) => one.file.includes(name));
  if (file === undefined) throw new Error(`no capture is called ${name}`);
  const events = eventsIn(await reading([file.path])) as unknown as readonly { event_type: string; dest_ip?: string; finding: Told }[];
  return events
    .filter(({ event_type }) => event_type === "finding")
    .map(({ finding, dest_ip }) => ({ category: finding.category, detector: finding.detector, target: dest_ip }));
}

describe.skipIf(withoutCorpora !== undefined)(`scans and floods in captures ${withoutCorpora ?? ""}`, () => {
  test.each<[string, string, string, string | undefined]>([
    ["attack-scan/packets-synscan", "scan", "scan", "64.13.134.52"],
    ["attack-scan/packets-activeosfingerprinting", "scan", "os-probe", "172.16.16.150"],
    ["attack-scan/StratosphereLinuxIPS-test8-malicious", "scan", "arp-scan", undefined],
    ["attack-dos/packet-captures-amp.TCP.syn", "flood", "syn-ack-reflection", "10.10.10.10"],
    ["attack-dos/packet-captures-amp.UDP.bacnet", "flood", "reflection", "10.10.10.1"],
    ["attack-dos/packet-captures-amp.UDP.snmp", "flood", "reflection", "10.10.10.10"],
    ["attack-dos/packet-captures-pkt.TCP.synflood", "flood", "flood", "10.10.10.10"],
  ])("%s is told as %s", async (name, category, detector, target) => {
    expect(await findingsOf(name)).toContainEqual({ category, detector, target });
  });

  // An ordinary ping of half a minute and a generator of ordinary connections are no attack, whatever they were made for.
  test.each([["snort3_demo-ping30"], ["snort3_demo-sessions_100conn"]])("%s is called neither", async (name) => {
    expect((await findingsOf(name)).filter(({ category }) => category === "scan" || category === "flood")).toEqual([]);
  });

  test("quiet captures are accused of neither", async () => {
    const quiet = corpus().filter(({ category, bytes }) => !category.startsWith("attack-") && bytes > 20_000 && bytes < 120_000);
    expect(quiet.length).toBeGreaterThan(20);
    for (const { path, file } of quiet.slice(0, 5)) {
      const events = eventsIn(await reading([path])) as unknown as readonly {
        event_type: string;
        finding: { category: "scan"; detector: string };
      }[];
      const accused = events.filter(({ event_type, finding }) => event_type === "finding" && isAttackCategory(finding.category));
      expect([file, accused.filter(({ finding }) => ["scan", "flood"].includes(finding.category))]).toEqual([file, []]);
    }
  });
});
