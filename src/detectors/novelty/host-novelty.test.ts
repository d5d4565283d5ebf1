import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import type { Detector, DetectorDefinition, Finding } from "#contract/detector.ts";
import { fakeStart, findingsOf, flowFact, type Heard } from "#test/fake/fake-facts.ts";
import novelty from "./index.ts";

const definition = novelty.detectors?.find(({ name }) => name === "host-novelty") as DetectorDefinition;
const hourSeconds = 3600;

/** Twelve hosts that ask and load pages, more by day. */
function* office(random: Random, fromHours: number, toHours: number): Generator<Heard> {
  for (let at = fromHours * hourSeconds; at < toHours * hourSeconds; at += 100) {
    const isDay = (at / hourSeconds) % 24 > 7 && (at / hourSeconds) % 24 < 19;
    for (let host = 1; host <= 12; host++) {
      if (random.chance(isDay ? 0.2 : 0.7)) continue;
      const size = 2000 * 10 ** random.unit();
      yield {
        end: flowFact({
          at: at + host,
          client: `10.0.0.${host}`,
          server: `203.0.113.${random.between(1, 6)}`,
          serverPort: 443,
          packetsToServer: 8,
          packetsToClient: Math.round(size / 900) + 4,
          bytesToServer: 1500,
          bytesToClient: Math.round(size),
          answered: true,
          established: true,
        }),
      };
    }
  }
}

const search = (hours: number): Heard[] =>
  Array.from({ length: 120 }, (_, i) => ({
    end: flowFact({
      at: hours * hourSeconds + i,
      client: "10.0.0.3",
      server: `10.0.1.${i}`,
      serverPort: 1000 + i,
      bytesToServer: 60,
      packetsToServer: 1,
    }),
  }));
const later = (hours: number): Heard => ({ end: flowFact({ at: hours * hourSeconds + 600, client: "10.0.0.1", server: "203.0.113.1" }) });

const play = (detector: Detector, history: Iterable<Heard>): void => {
  for (const heard of history) if ("end" in heard) detector.onFlowEnd?.(heard.end);
};

describe("host-novelty", () => {
  test("ten days of an office stay inside the budget; a host that asks all others is told, with why", () => {
    const found = findingsOf(definition, [...office(new Random(1), 0, 240), ...search(240), later(240)]);
    const days = Map.groupBy(found, ({ time }) => Math.floor((time - fakeStart) / 86_400e6));
    expect(days.has(0)).toBe(false);
    for (const [, told] of days) expect(told.length).toBeLessThanOrEqual(3);
    const last = found.find(({ source, time }) => source === "10.0.0.3" && time > fakeStart + 239 * hourSeconds * 1e6);
    expect(last?.title).toMatch(/^10\.0\.0\.3 does not behave as it usually does, within 5 min: /);
    expect(last?.title).toMatch(/peers 12\d|ports that it asked 12\d|attempts without an answer 120/);
  });

  test("what was learnt is kept; what does not fit is learnt anew", () => {
    const found: Finding[] = [];
    const defaults = Object.fromEntries(Object.entries(definition.settings ?? {}).map(([name, key]) => [name, key.default]));
    const make = (saved: unknown): Detector =>
      definition.create({ report: (finding) => found.push(finding), settings: defaults as never, seed: 1, saved });
    const first = make(undefined);
    play(first, office(new Random(2), 0, 200));
    const saved: unknown = JSON.parse(JSON.stringify(first.save?.()));
    found.length = 0;
    play(make(saved), [...office(new Random(3), 200, 201), ...search(201), later(201)]);
    expect(found.map(({ source }) => source)).toContain("10.0.0.3");
    found.length = 0;
    for (const wrong of [{ hosts: 7 }, [], "nothing", { hosts: [[1, "a", 2, 3, "AAAA"]] }]) play(make(wrong), [...search(201), later(201)]);
    expect(found).toEqual([]);
  });
});
