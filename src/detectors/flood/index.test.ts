import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import type { DetectorDefinition, Finding } from "#contract/detector.ts";
import { type FlowWords, findingsOf, flowFact, type Heard, many } from "#test/fake/fake-facts.ts";
import flood from "./index.ts";

const named = (name: string): DetectorDefinition => flood.detectors?.find((one) => one.name === name) as DetectorDefinition;
const random = new Random(11);
const anybody = (): string => `${random.between(1, 224)}.${random.between(0, 256)}.${random.between(0, 256)}.${random.between(1, 255)}`;
const timeOf = (heard: Heard): number => Object.values(heard)[0].time;
const inOrder = (history: readonly Heard[]): Heard[] => history.toSorted((a, b) => timeOf(a) - timeOf(b));
const datagram: FlowWords = { protocol: 17, flagsToServer: 0 };
const ping: FlowWords = { protocol: 1, clientPort: 8, serverPort: 0, flagsToServer: 0 };

/** Openings at so many a second; those with a way of `answeredIn` seconds are answered. */
const openings = (count: number, pace: number, words: (i: number) => FlowWords, answeredIn?: number): Heard[] =>
  inOrder(
    many(count, (i): Heard[] => {
      const began = i / pace;
      const flow = { bytesToServer: 74, ...words(i) };
      const start: Heard = { start: flowFact({ at: began, ...flow }) };
      if (answeredIn === undefined) return [start];
      return [
        start,
        { established: flowFact({ at: began + answeredIn, began, ...flow, answered: true, established: true, packetsToClient: 1 }) },
      ];
    }).flat(),
  );
const openingsFound = (history: readonly Heard[]): Finding[] => findingsOf(named("flood"), history);
const spoofed = (): FlowWords => ({ client: anybody(), bytesToServer: 60 });
const packetFlood = (words: FlowWords): Finding[] =>
  findingsOf(named("packet-flood"), [{ update: flowFact({ at: 1, began: 0, ...words }) }]);
const reflected = (flows: readonly FlowWords[]): Finding[] =>
  findingsOf(
    named("reflection"),
    flows.map((words, i): Heard => ({ start: flowFact({ at: i / 1000, ...datagram, ...words }) })),
  );
const answer = (port: number): FlowWords => ({
  server: anybody(),
  serverPort: port,
  packetsToServer: 0,
  packetsToClient: 1,
  bytesToServer: 0,
  bytesToClient: 468,
});
const synAcks = (flows: readonly FlowWords[]): Finding[] =>
  findingsOf(
    named("syn-ack-reflection"),
    flows.map(
      (words, i): Heard => ({
        end: flowFact({ at: i, packetsToServer: 0, packetsToClient: 30, flagsToServer: 0, flagsToClient: 0x12, ...words }),
      }),
    ),
  );
const slow: FlowWords = {
  established: true,
  answered: true,
  packetsToServer: 8,
  bytesToServer: 900,
  packetsToClient: 7,
  bytesToClient: 480,
  flagsToServer: 0x1a,
  flagsToClient: 0x12,
};
const slowFound = (flows: readonly FlowWords[]): Finding[] =>
  findingsOf(
    named("slow-connections"),
    flows.map((words, i): Heard => ({ end: flowFact({ at: 60 + i / 10, began: i / 10, ...slow, ...words }) })),
  );

describe("flood of openings", () => {
  test.each<[string, () => Heard[], number]>([
    ["SYNs from forged addresses", () => openings(2000, 1000, spoofed), 1],
    ["a flood of a quarter of a second, at the end of the capture", () => openings(1000, 4000, spoofed), 1],
    ["SYNs of one host at one port", () => openings(2000, 1000, (i) => ({ clientPort: 1024 + i })), 1],
    [
      "forged SYNs among as many real clients",
      () => inOrder([...openings(1500, 500, spoofed), ...openings(1500, 500, () => ({ client: anybody() }), 0.05)]),
      1,
    ],
    ["datagrams from forged addresses", () => openings(9000, 4500, () => ({ ...datagram, client: anybody() })), 1],
    ["pings of a crowd, answered or not", () => openings(3000, 1500, () => ({ ...ping, client: anybody() }), 0.01), 1],
    [
      "empty ACKs of connections that were never opened",
      () => openings(5000, 2500, () => ({ client: anybody(), flagsToServer: 16, bytesToServer: 60 })),
      1,
    ],

    ["a short capture of a great flood of datagrams", () => openings(1400, 100_000, () => ({ ...datagram, client: anybody() })), 1],
    [
      "a protocol of IP that nobody speaks, from forged addresses",
      () => openings(3000, 2500, () => ({ protocol: 47, flagsToServer: 0, serverPort: 0, client: anybody() })),
      1,
    ],

    [
      "routers among each other",
      () => openings(3000, 2500, () => ({ protocol: 89, flagsToServer: 0, serverPort: 0, client: anybody() })),
      0,
    ],
    ["a sudden crowd that is answered", () => openings(6000, 2000, () => ({ client: anybody() }), 0.08), 0],
    ["a crowd far away", () => openings(6000, 2000, () => ({ client: anybody() }), 0.35), 0],
    [
      "bursts with pauses",
      () => many(5, (i) => openings(500, 5000, () => ({ client: anybody() }), 0.1).map((heard) => later(heard, i * 3))).flat(),
      0,
    ],
    ["one host that scans the ports of another", () => openings(3000, 1000, (i) => ({ serverPort: i })), 0],
    ["one host that scans a network", () => openings(3000, 1000, (i) => ({ server: `10.1.${i >> 8}.${i & 255}` })), 0],
    ["a dead server with some clients", () => openings(900, 30, () => ({ client: anybody() })), 0],
    ["a name server with many questions", () => openings(9000, 3000, () => ({ ...datagram, client: anybody() }), 0.03), 0],
    [
      "a busy server whose connections are older than the capture",
      () => openings(5000, 5000, (i) => ({ client: anybody(), flagsToServer: 24, bytesToServer: i % 3 === 0 ? 60 : 900 })),
      0,
    ],
    [
      "answers of many servers to one client",
      () =>
        openings(5000, 2500, () => ({ server: anybody(), packetsToServer: 0, packetsToClient: 1, flagsToServer: 0, flagsToClient: 0x12 })),
      0,
    ],
    ["multicast", () => openings(9000, 4500, (i) => ({ ...datagram, clientPort: i, server: "239.1.1.1" })), 0],
  ])("%s", (_case, history, expected) => {
    expect(openingsFound(history()).slice(0, 1)).toHaveLength(expected);
  });

  test("names the target and not the forged sources", () => {
    const [finding] = openingsFound(openings(2000, 1000, spoofed));
    expect(finding?.source).toBeUndefined();
    expect(finding).toMatchObject({ target: "10.0.0.2", severity: "high" });
    expect(finding?.title).toMatch(
      /^SYN flood on 10\.0\.0\.2 port 80: \d+ connections in a second by about \d+ sources, \d+ without an answer$/,
    );
  });

  test("names a single source", () => {
    expect(openingsFound(openings(2000, 1000, (i) => ({ clientPort: 1024 + i })))[0]).toMatchObject({
      source: "10.0.0.1",
      target: "10.0.0.2",
    });
  });

  test("tells a long flood few times", () => {
    expect(openingsFound(openings(30_000, 3000, spoofed)).length).toBeLessThan(5);
  });
});

function later(heard: Heard, seconds: number): Heard {
  const [[name, fact]] = Object.entries(heard) as [[string, { time: number; start: number }]];
  return { [name]: { ...fact, time: fact.time + seconds * 1e6, start: fact.start + seconds * 1e6 } } as unknown as Heard;
}

describe("flood within one flow", () => {
  test.each<[string, FlowWords, number]>([
    ["a ping without pause", { ...ping, packetsToServer: 1024, bytesToServer: 100_000 }, 1],
    ["the same SYN again and again", { packetsToServer: 1024, bytesToServer: 61_440, flagsToServer: 2 }, 1],
    ["small datagrams that nobody answers", { ...datagram, packetsToServer: 32_768, bytesToServer: 32_768 * 70 }, 1],
    ["an ordinary ping for long", { ...ping, packetsToServer: 1024, bytesToServer: 100_000, at: 1024 }, 0],
    ["a download", { packetsToServer: 16_384, bytesToServer: 16_384 * 60, packetsToClient: 30_000, flagsToServer: 0x1a }, 0],
    ["one direction of a download", { packetsToServer: 16_384, bytesToServer: 16_384 * 60, flagsToServer: 0x18 }, 0],
    ["a video stream", { ...datagram, packetsToServer: 32_768, bytesToServer: 32_768 * 1300 }, 0],
    ["multicast", { ...datagram, server: "239.1.1.1", packetsToServer: 32_768, bytesToServer: 32_768 * 70 }, 0],
  ])("%s", (_case, words, expected) => {
    expect(packetFlood(words)).toHaveLength(expected);
  });
});

describe("reflection", () => {
  test.each<[string, FlowWords[], number]>([
    ["answers of NTP from many hosts", many(60, () => answer(123)), 1],
    [
      "answers that seem to come from clients",
      many(60, () => ({ client: anybody(), clientPort: 11_211, server: "10.0.0.2", serverPort: 30_120 })),
      1,
    ],
    [
      "answers of NTP to the port of a web server",
      many(60, () => ({ client: anybody(), clientPort: 123, server: "10.0.0.2", serverPort: 80 })),
      1,
    ],
    [
      "large answers of time servers to their own port",
      many(60, () => ({ client: anybody(), clientPort: 123, server: "10.0.0.2", serverPort: 123, bytesToServer: 482 })),
      1,
    ],
    ["traps of many agents", many(60, () => ({ client: anybody(), clientPort: 161, server: "10.0.0.2", serverPort: 162 })), 0],
    ["large answers of DNS to many ports", many(60, (i) => ({ ...answer(53), clientPort: 2000 + i, bytesToClient: 1400 })), 1],
    [
      "a resolver whose questions are older than the capture",
      many(60, (i) => ({ ...answer(53), clientPort: 2000 + i, bytesToClient: 150 })),
      0,
    ],
    ["questions and answers", many(600, () => ({ server: anybody(), serverPort: 123 })), 0],
    ["neighbours that answer a search", many(60, (i) => ({ ...answer(1900), server: `10.0.0.${i}` })), 0],
    ["time servers among each other", many(60, () => ({ client: anybody(), clientPort: 123, server: "10.0.0.2", serverPort: 123 })), 0],
    ["one server that answers late", many(600, (i) => ({ ...answer(53), server: "9.9.9.9", clientPort: 2000 + i })), 0],
    ["many hosts on the web", many(60, () => answer(443)), 0],
    ["slowly", many(60, (i) => ({ ...answer(123), at: i })), 0],
  ])("%s", (_case, flows, expected) => {
    expect(reflected(flows).slice(0, 1)).toHaveLength(expected);
  });

  test("names the target", () => {
    const [finding] = reflected(many(60, () => answer(123)));
    expect(finding).toMatchObject({ target: "10.0.0.1", techniques: ["T1498.002"] });
    expect(finding?.title).toContain("25 hosts sent 10.0.0.1 answers of NTP (UDP 123)");
  });
});

describe("reflection by TCP", () => {
  test.each<[string, FlowWords[], number]>([
    ["several servers that never stop to offer a connection", many(10, () => ({ server: anybody() })), 1],
    ["a host that refuses them", many(200, () => ({ server: anybody(), packetsToServer: 1, packetsToClient: 1, flagsToServer: 4 })), 1],
    ["one server: backscatter of its own flood", many(200, (i) => ({ server: "9.9.9.9", serverPort: i })), 0],
    ["connections seen from one direction", many(200, () => ({ server: anybody(), flagsToClient: 0x1b })), 0],
    ["opened by the client", many(200, () => ({ server: anybody(), packetsToServer: 1, flagsToServer: 2 })), 0],
  ])("%s", (_case, flows, expected) => {
    expect(synAcks(flows).slice(0, 1)).toHaveLength(expected);
  });
});

describe("slow connections", () => {
  test.each<[string, FlowWords[], number]>([
    ["requests that never end", many(120, (i) => ({ clientPort: 1024 + i })), 1],
    ["a few of them", many(20, () => ({})), 0],
    ["those that are answered", many(600, () => ({ packetsToClient: 12, bytesToClient: 9000 })), 0],
    ["short ones", many(600, (i) => ({ began: 59 + i / 10 })), 0],
    ["opened in advance and never used", many(600, () => ({ flagsToServer: 0x12, packetsToServer: 3, bytesToServer: 200 })), 0],
    ["uploads", many(600, () => ({ packetsToServer: 90, bytesToServer: 90_000 })), 0],
    ["of many clients", many(600, (i) => ({ client: `10.1.${i >> 8}.${i & 255}` })), 0],
  ])("%s", (_case, flows, expected) => {
    expect(slowFound(flows).slice(0, 1)).toHaveLength(expected);
  });
});
