import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import type { Micros } from "#base/time.ts";
import type { Detector, DetectorDefinition, Finding, PacketFact } from "#contract/detector.ts";
import { fakeStart, findingsOf, flowFact, type Heard } from "#test/fake/fake-facts.ts";
import novelty from "./index.ts";

const definitionOf = (name: string): DetectorDefinition => {
  const found = novelty.detectors?.find((detector) => detector.name === name);
  if (found === undefined) throw new Error(`no detector ${name}`);
  return found;
};
const hour = 3600;

/** Flows of an office: pages by day, fewer by night. */
function* office(random: Random, fromHours: number, toHours: number): Generator<Heard> {
  for (let at = fromHours * hour; at < toHours * hour; ) {
    const isDay = (at / hour) % 24 > 7 && (at / hour) % 24 < 19;
    at += (isDay ? 20 : 120) * -Math.log(1 - random.unit());
    const isName = random.chance(0.6);
    const down = isName ? 200 + random.between(0, 200) : 3000 * Math.exp(3 * random.unit());
    yield {
      end: flowFact({
        at: at + (isName ? 0.03 : 5 * random.unit()),
        began: at,
        client: `10.0.0.${random.between(2, 60)}`,
        server: isName ? "10.0.0.1" : `203.0.113.${random.between(1, 250)}`,
        serverPort: isName ? 53 : 443,
        protocol: isName ? 17 : 6,
        service: isName ? "dns" : "tls",
        packetsToServer: isName ? 1 : 5 + random.between(0, 20),
        packetsToClient: isName ? 1 : Math.round(down / 900) + 4,
        bytesToServer: isName ? 75 + random.between(0, 20) : 1500 + random.between(0, 2000),
        bytesToClient: Math.round(down),
        answered: true,
        established: true,
      }),
    };
  }
}

const odd = (hours: number): Heard => ({
  end: flowFact({
    at: hours * hour,
    began: (hours - 4) * hour,
    client: "10.0.0.9",
    server: "198.51.100.7",
    serverPort: 4444,
    packetsToServer: 900_000,
    packetsToClient: 12_000,
    bytesToServer: 900_000_000,
    bytesToClient: 700_000,
    answered: true,
    established: true,
  }),
});

const packet = (at: number, more: Partial<PacketFact>): PacketFact => ({
  ...flowFact({ at, serverPort: 443 }),
  side: 0,
  packetBytes: 100,
  ...more,
});

describe("flow-novelty", () => {
  const definition = definitionOf("flow-novelty");

  test("a week of an office stays inside the budget, and nothing is told while it learns", () => {
    const findings = findingsOf(definition, office(new Random(1), 0, 7 * 24));
    const days = Map.groupBy(findings, ({ time }) => Math.floor((time - fakeStart) / 86_400e6));
    expect(days.has(0)).toBe(false);
    for (const [, told] of days) expect(told.length).toBeLessThanOrEqual(3);
    expect(findings.length).toBeLessThanOrEqual(9);
  });

  test("an upload of hours to a strange port is told, with what sets it apart", () => {
    const findings = findingsOf(definition, [...office(new Random(2), 0, 144), odd(144)]);
    const [last] = findings.slice(-1);
    expect(last).toMatchObject({ source: "10.0.0.9", target: "198.51.100.7" });
    expect(last?.title).toContain("A flow unlike those that are usual here, from 10.0.0.9 to 198.51.100.7:4444");
    expect(last?.why.length).toBeGreaterThan(1);
  });

  test("what was learnt is kept; what does not fit is learnt anew", () => {
    const found: Finding[] = [];
    const settings: Record<string, unknown> = { "alerts-per-day": 3, "learning-h": 24, model: "autoencoders" };
    const make = (saved: unknown, other = {}): Detector =>
      definition.create({ report: (finding) => found.push(finding), settings: { ...settings, ...other }, seed: 1, saved });
    const first = make(undefined);
    for (const heard of office(new Random(3), 0, 144)) if ("end" in heard) first.onFlowEnd?.(heard.end);
    const saved: unknown = JSON.parse(JSON.stringify(first.save?.()));
    found.length = 0;
    const second = make(saved);
    for (const heard of [...office(new Random(4), 144, 145), odd(145)]) if ("end" in heard) second.onFlowEnd?.(heard.end);
    expect(found.map(({ source }) => source)).toContain("10.0.0.9");
    found.length = 0;
    for (const wrong of [saved, { model: "?" }, [], "nothing", { model: 7 }]) {
      const third = make(wrong, { model: "trees" });
      if ("end" in odd(146)) third.onFlowEnd?.((odd(146) as { end: Parameters<NonNullable<Detector["onFlowEnd"]>>[0] }).end);
    }
    expect(found).toEqual([]);
  });
});

describe("packet-novelty", () => {
  const settings = { "alerts-per-day": 3, "map-packets": 500, "train-packets": 10_000, "window-s": 1, mode: "fast" } as never;

  test("a flood in steady traffic is told; the traffic itself is not", () => {
    const found: Finding[] = [];
    const detector = definitionOf("packet-novelty").create({
      report: (finding) => found.push(finding),
      settings,
      seed: 1,
      saved: undefined,
    });
    const random = new Random(5);
    let at = 0;
    for (let i = 0; i < 80_000; i++) {
      at += 0.05 * -Math.log(1 - random.unit());
      const side = random.chance(0.5) ? 0 : 1;
      detector.onPacket?.(packet(at, { side, packetBytes: side === 0 ? 80 + random.between(0, 40) : 900 + random.between(0, 500) }));
    }
    const quiet = found.length;
    for (let i = 0; i < 5000; i++)
      detector.onPacket?.(
        packet(at + i / 20_000, { clientHash: 77, client: "198.51.100.66", clientPort: i & 0xffff, serverPort: 80, packetBytes: 1400 }),
      );
    detector.onEnd?.((fakeStart + (at + 1) * 1e6) as Micros);
    expect(quiet).toBeLessThanOrEqual(1);
    expect(found.slice(quiet).map(({ source }) => source)).toContain("198.51.100.66");
  });
});
