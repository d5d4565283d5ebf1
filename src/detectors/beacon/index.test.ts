import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import type { Finding } from "#contract/detector.ts";
import { type FlowWords, findingsOf, flowFact, type Heard, many, messageFact } from "#test/fake/fake-facts.ts";
import beacon from "./index.ts";
import { isOrdinaryName } from "./ordinary.ts";

const find = (name: string, history: readonly Heard[]): Finding[] => {
  const definition = beacon.detectors?.find((detector) => detector.name === name);
  return definition === undefined ? [] : findingsOf(definition, history);
};

const call = (at: number, words: FlowWords = {}): Heard => ({
  end: flowFact({
    at: at + 0.3,
    began: at,
    server: "203.0.113.7",
    serverPort: 443,
    service: "tls",
    answered: true,
    established: true,
    bytesToServer: 2000,
    bytesToClient: 4800,
    ...words,
  }),
});
/** Calls on a clock with a jitter of a share of its period. */
function clock(count: number, period: number, jitter: number, words: FlowWords = {}): Heard[] {
  const random = new Random(7);
  return many(count, (i) => call((i + (random.unit() - 0.5) * jitter) * period, words));
}
/** People: bursts of calls, pauses of minutes. */
function people(count: number): Heard[] {
  const random = new Random(9);
  let at = 0;
  return many(count, () => {
    at += random.unit() < 0.8 ? random.unit() * 4 : 60 + random.unit() * 900;
    return call(at, { bytesToClient: 500 + Math.floor(random.unit() * 90_000) });
  });
}
const named = (sni: string): Heard => ({ message: messageFact("tls", { sni }, { server: "203.0.113.7", serverPort: 443 }) });
const asks = (at: number, more: Record<string, unknown> = {}): Heard => ({
  message: messageFact("http", { hostname: "c.example.com", url: "/t", length: 40, ...more }, { at, server: "203.0.113.7" }),
});

const address = (i: number): string => `10.0.1.${i}`;
/** `callers` of a network of `clients` call one server every minute for two hours, all others something else now and then. */
function office(clients: number, callers: number, sni: string | undefined): readonly Heard[] {
  const others = many(clients, (i) => call(i, { client: address(i), server: `203.0.113.${100 + (i % 100)}` }));
  const calls = many(120 * callers, (i) => {
    const words = { client: address(i % callers), server: "203.0.113.7", serverPort: 443 };
    const at = Math.floor(i / callers) * 60 + (i % callers);
    return [...(sni === undefined ? [] : [{ message: messageFact("tls", { sni }, { ...words, at }) }]), call(at, words)];
  });
  return [...others, ...calls.flat()];
}
const told = (findings: readonly Finding[]): readonly string[] => findings.map(({ category = "beacon" }) => category);

describe("beacon", () => {
  test.each<[string, Heard[], number]>([
    ["every minute for three hours", clock(180, 60, 0), 1],
    ["every minute, a third of it jitter", clock(200, 60, 0.33), 1],
    ["every ten minutes for a day", clock(144, 600, 0.2), 1],
    ["people who come and go", people(300), 0],
    ["too few to say", clock(15, 60, 0), 0],
    ["within the network", clock(180, 60, 0, { server: "10.0.0.9" }), 0],
    ["from outside to us", clock(180, 60, 0, { client: "198.51.100.1", server: "10.0.0.9" }), 0],
    ["time service", clock(180, 64, 0, { protocol: 17, serverPort: 123, service: "ntp" }), 0],
    ["name service over TCP", clock(180, 60, 0, { serverPort: 53, service: "dns" }), 0],
    ["nobody answers", clock(180, 60, 0, { answered: false }), 0],
    ["a load test", clock(2000, 0.4, 0), 0],
    ["a check for updates", [named("fe3.delivery.windowsupdate.com"), ...clock(180, 60, 0)], 0],
    ["a name that only looks like one of those", [named("windowsupdate.com.example.net"), ...clock(180, 60, 0)], 1],
    ["one connection, many requests", many(200, (i) => asks(i * 60)), 1],
    ["requests of a page", many(200, (i) => asks(i * 60, { http_refer: "http://c.example.com/" })), 0],
  ])("%s", (_case, history, expected) => {
    expect(find("beacon", history)).toHaveLength(expected);
  });

  test("says who calls whom, how often, and why", () => {
    const [finding] = find("beacon", [named("c.example.com"), ...clock(180, 60, 0)]);
    expect(finding).toMatchObject({ source: "10.0.0.1", target: "203.0.113.7" });
    expect(finding?.title).toMatch(
      /^10\.0\.0\.1 called c\.example\.com \(203\.0\.113\.7\) port 443 about every 60 s, \d+ times in [\d.]+ (min|h)$/,
    );
    expect(finding?.why[0]).toMatchObject({ feature: "beacon score", threshold: 0.9 });
    expect(finding?.why.some(({ feature }) => feature.startsWith("RITA"))).toBe(true);
  });

  test.each<[string, Heard[], readonly string[]]>([
    ["one machine of twenty", [...office(20, 1, "c.example.com")], ["beacon"]],
    ["two of twenty", [...office(20, 2, "c.example.com")], ["beacon", "beacon"]],
    ["four of twenty, by a name: software of the network", [...office(20, 4, "c.example.com")], many(4, () => "observation")],
    ["four of four", [...office(4, 4, "c.example.com")], ["beacon", "beacon", "beacon", "observation"]],
    ["four of twenty, without a name", [...office(20, 4, undefined)], ["beacon", "beacon", "beacon", "observation"]],
    ["four of twenty, by address", [...office(20, 4, "203.0.113.7")], ["beacon", "beacon", "beacon", "observation"]],
  ])("%s", (_case, history, expected) => {
    expect(told(find("beacon", history))).toEqual(expected);
  });

  test("accuses no more than a day allows, and tells all", () => {
    // On each of two days five servers for ten hours, every five minutes.
    const calls = many(2 * 120 * 5, (i) => {
      const [day, beat, server] = [Math.floor(i / 600), Math.floor((i % 600) / 5), i % 5];
      return call(day * 90_000 + beat * 300 + server, { server: `203.0.113.${10 * day + server}` });
    });
    const categories = told(find("beacon", calls));
    expect(categories).toHaveLength(10);
    expect(categories.filter((category) => category === "beacon")).toHaveLength(6);
  });

  test.each<[string, FlowWords, number]>([
    ["datagrams in no known language", { protocol: 17, serverPort: 8081, service: undefined, packetsToClient: 1 }, 1],
    ["datagrams that nobody answers", { protocol: 17, serverPort: 8081, service: undefined }, 0],
    ["a VPN", { protocol: 17, serverPort: 51_820, service: undefined, packetsToClient: 1 }, 0],
    ["voice", { protocol: 17, serverPort: 40_000, service: "rtp", packetsToClient: 1 }, 0],
  ])("%s", (_case, words, expected) => {
    expect(find("beacon", clock(180, 60, 0, words))).toHaveLength(expected);
  });

  test("QUIC to a name of updates", () => {
    const words = { server: "203.0.113.7", serverPort: 443, protocol: 17, service: "quic" } as const;
    const hello: Heard = { message: messageFact("quic", { sni: "clients.google.com" }, words) };
    expect(find("beacon", [hello, ...clock(180, 60, 0, { ...words, packetsToClient: 1 })])).toHaveLength(0);
    expect(find("beacon", clock(180, 60, 0, { ...words, packetsToClient: 1 }))).toHaveLength(1);
  });

  test("many pairs stay within the budget and their memory", () => {
    const found = find(
      "beacon",
      many(30_000, (i) => call(i, { client: `10.1.${(i >> 8) & 255}.${i & 255}` })),
    );
    expect(found).toHaveLength(0);
  });
});

const one = (words: FlowWords): Heard => ({
  end: flowFact({
    at: 300,
    began: 0,
    server: "203.0.113.7",
    serverPort: 8219,
    service: "failed",
    answered: true,
    established: true,
    packetsToServer: 120,
    packetsToClient: 60,
    bytesToServer: 12_000,
    bytesToClient: 9000,
    sizeDeviationToClient: 40,
    beatsToServer: 60,
    beatMeanToServer: 5_000_000,
    beatDeviationToServer: 300_000,
    ...words,
  }),
});

describe("heartbeat", () => {
  const nameless: Heard = { message: messageFact("tls", { self_signed: true }, { server: "203.0.113.7", serverPort: 8219 }) };
  test.each<[string, Heard[], number]>([
    ["a sign of life every five seconds in an unknown language", [one({})], 1],
    [
      "uneven, but to a server that only acknowledges",
      [one({ beatDeviationToServer: 1_200_000, bytesToClient: 60 * 56, sizeDeviationToClient: 3 })],
      1,
    ],
    ["under TLS that names nobody", [nameless, one({ service: "tls" })], 1],
    ["under TLS", [one({ service: "tls" })], 0],
    ["a push service", [one({ serverPort: 5228 })], 0],
    ["uneven", [one({ beatDeviationToServer: 1_200_000 })], 0],
    ["a game's clock", [one({ beatMeanToServer: 1_100_000 })], 0],
    ["a known language", [one({ service: "irc" })], 0],
    ["data goes over it", [one({ bytesToClient: 9_000_000 })], 0],
    ["within the network", [one({ server: "10.0.0.9" })], 0],
    ["few beats", [one({ beatsToServer: 8 })], 0],
  ])("%s", (_case, history, expected) => {
    expect(find("heartbeat", history)).toHaveLength(expected);
  });
});

const lasts = (hours: number, words: FlowWords = {}): Heard => ({
  end: flowFact({ at: hours * 3600, began: 0, server: "203.0.113.7", established: true, answered: true, ...words }),
});

describe("long-connection", () => {
  test.each<[string, Heard, string | undefined]>([
    ["two hours", lasts(2), "info"],
    ["five hours", lasts(5), "low"],
    ["a day", lasts(24), "medium"],
    ["half an hour", lasts(0.5), undefined],
    ["within the network", lasts(24, { server: "10.0.0.9" }), undefined],
  ])("%s", (_case, heard, severity) => {
    const [finding] = find("long-connection", [heard]);
    expect(finding?.severity).toBe(severity);
  });
});

describe("ordinary names", () => {
  test.each<[string, string, boolean]>([
    ["an update", "dl.delivery.mp.microsoft.com", true],
    ["the domain itself", "google.com", true],
    ["a machine of the house", "printer.local", true],
    ["a stranger", "testing.com", false],
    ["an ordinary name in front of a stranger's", "google.com.example.net", false],
  ])("%s", (_case, name, expected) => expect(isOrdinaryName(name)).toBe(expected));
});
