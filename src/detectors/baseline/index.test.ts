import { describe, expect, test } from "vitest";
import type { Finding } from "#contract/detector.ts";
import { type FlowWords, findingsOf, flowFact, type Heard, messageFact } from "#test/fake/fake-facts.ts";
import plugin from "./index.ts";
import { daySeconds, days, hourSeconds, working } from "./simulated-days.common.ts";

const [definition] = plugin.detectors ?? [];
if (definition === undefined) throw new Error("the plugin has a detector");
const find = (history: Iterable<Heard>, settings: Readonly<Record<string, unknown>> = {}): Finding[] =>
  findingsOf(definition, history, settings);
const titles = (found: readonly Finding[]): string[] => found.map(({ title }) => title);

function* both(...histories: Iterable<Heard>[]): Generator<Heard> {
  for (const history of histories) yield* history;
}
const ended = (words: FlowWords): Heard => ({
  end: flowFact({
    answered: true,
    established: true,
    packetsToServer: 5,
    packetsToClient: 5,
    bytesToServer: 500,
    bytesToClient: 5000,
    ...words,
  }),
});

const others = (): Heard[] =>
  Array.from({ length: 3168 }, (_, i) =>
    ended({ at: i * 300 + 5, client: "10.0.1.1", server: "192.0.2.1", serverPort: 443, flowId: 5e8 + i }),
  );
const agents = (from: number, count: number, name: string): Heard[] =>
  Array.from({ length: count }, (_, i) => ({
    message: messageFact("http", { http_user_agent: name }, { at: from + i, flowId: 9e8 + i }),
  }));

const abroad = (at: number, server: string, country: string, countryName: string, system: number): Heard =>
  ended({
    at,
    client: "10.0.0.1",
    server,
    serverPort: 443,
    flowId: 1e9 + at,
    serverPlace: { country, countryName, system, organization: "Example" },
  });
const timeOf = (heard: Heard): number => ("end" in heard ? heard.end.time : 0);

describe("baselines", () => {
  test("nothing is said in the first day, whatever happens", () => {
    expect(find(days({ days: 0.9, load: (at) => (at > 20 * hourSeconds ? 500 : 1) }))).toEqual([]);
  });

  test.each([1, 2])("two weeks with working hours and weekends stay within the budget (seed %i)", (seed) => {
    expect(find(days({ days: 15, seed })).length).toBeLessThanOrEqual(1);
  });

  test("ten times the usual of the hour is told once, of who did it", () => {
    const at = 10 * daySeconds + 3 * hourSeconds;
    const found = find(days({ days: 11, load: (now) => working(now) * (now >= at && now < at + 1200 ? 30 : 1) }));
    expect(titles(found).some((title) => /10\.0\.0\.9 tcp\/443 had .* bytes in 5 min/.test(title))).toBe(true);
    expect(found.every(({ category }) => category === undefined)).toBe(true);
    expect(found.every(({ time }) => time >= flowFact({ at }).time)).toBe(true);
  });

  test("a server that falls silent is told", () => {
    const at = 10 * daySeconds + 10 * hourSeconds;
    const history = [...days({ days: 11, load: (now) => (now >= at ? 0 : working(now)) }), ...others()].toSorted(
      (a, b) => timeOf(a) - timeOf(b),
    );
    expect(titles(find(history)).filter((title) => title.includes("has fallen silent"))).not.toEqual([]);
  });

  test("a capture in which nothing is seen for an hour of work is told", () => {
    const from = 10 * daySeconds + 10 * hourSeconds;
    const found = find(days({ days: 11, load: (now) => (now >= from && now < from + hourSeconds ? 0 : working(now)) }));
    expect(titles(found)).toEqual([expect.stringMatching(/^nothing was captured for \d+ min/)]);
  });

  test("a port that a server never answered on is told, one that it did is not", () => {
    const found = find(
      both(days({ days: 5 }), [
        ended({ at: 5 * daySeconds, server: "10.0.0.9", serverPort: 443, service: "tls" }),
        ended({ at: 5 * daySeconds + 1, server: "10.0.0.9", serverPort: 8, protocol: 1 }),
        ended({ at: 5 * daySeconds + 1, server: "10.0.0.9", serverPort: 4444 }),
      ]),
    );
    expect(titles(found)).toEqual(["10.0.0.9 answers on tcp/4444, which it never did before; 10.0.0.1 asked"]);
  });

  test("a program that nobody used is told, its new version is not", () => {
    const found = find(
      both(
        days({ days: 3 }),
        agents(3 * daySeconds, 4000, "Updater/1.0"),
        agents(3 * daySeconds + 5000, 1, "Updater/1.1"),
        agents(3 * daySeconds + 5001, 1, "sqlmap/1.7"),
      ),
      { silence: false },
    );
    expect(titles(found)).toEqual(["10.0.0.1 uses a User-Agent that nobody used here before: sqlmap/1.7"]);
  });

  test("where a new port is seen every few hours, another one is no news", () => {
    const ports = Array.from({ length: 60 }, (_, i) =>
      ended({ at: (i / 8) * daySeconds, server: "10.0.0.9", serverPort: 2000 + i, flowId: 7e8 + i }),
    );
    const history = [...days({ days: 8 }), ...ports].toSorted((a, b) => timeOf(a) - timeOf(b));
    expect(find(history, { spike: false, "alerts-per-day": 100 })).toEqual([]);
  });

  test("a country that a host had never to do with is told, another system of a known country by its own", () => {
    const usual = Array.from({ length: 11_400 }, (_, i) => abroad(i * 30 + 3, "192.0.2.1", "DE", "Germany", 64_500));
    const settings = { spike: false, silence: false, "activity-hours": false };
    const history = (last: readonly Heard[]): Heard[] =>
      [...days({ days: 4 }), ...usual].toSorted((a, b) => timeOf(a) - timeOf(b)).concat(last);
    const at = 4 * daySeconds;
    const brazil = [abroad(at + 1, "198.51.100.1", "BR", "Brazil", 64_501), abroad(at + 2, "198.51.100.2", "BR", "Brazil", 64_501)];
    expect(titles(find(history(brazil), settings))).toEqual([
      "10.0.0.1 has to do with Brazil (BR) for the first time: a connection to 198.51.100.1 on tcp/443",
    ]);
    expect(titles(find(history([abroad(at + 1, "198.51.100.1", "DE", "Germany", 64_501)]), settings))).toEqual([
      "10.0.0.1 has to do with AS64501 Example for the first time: a connection to 198.51.100.1 on tcp/443",
    ]);
    expect(find(history(brazil), { ...settings, "first-place": false })).toEqual([]);
  });

  test("what a switch turns off is not told", () => {
    const history = both(days({ days: 5 }), [ended({ at: 5 * daySeconds, server: "10.0.0.9", serverPort: 4444 })]);
    expect(find(history, { "unusual-port": false })).toEqual([]);
  });
});
