import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import type { DetectorDefinition, Finding } from "#contract/detector.ts";
import { type FlowWords, findingsOf, flowFact, type Heard, many, neighbourFact } from "#test/fake/fake-facts.ts";
import scan from "./index.ts";

const named = (name: string): DetectorDefinition => scan.detectors?.find((one) => one.name === name) as DetectorDefinition;
const ends = (name: string, flows: readonly FlowWords[]): Finding[] =>
  findingsOf(
    named(name),
    flows.map((words, i) => ({ end: flowFact({ at: i / 100, ...words }) })),
  );
const host = (i: number): string => `10.0.${1 + (i >> 8)}.${i & 255}`;
const stranger = (i: number): string => `${20 + ((i * 37) % 150)}.${(i * 91) % 256}.${(i * 53) % 256}.${1 + (i % 250)}`;
const open: FlowWords = {
  answered: true,
  established: true,
  packetsToServer: 4,
  packetsToClient: 4,
  flagsToServer: 0x1b,
  flagsToClient: 0x1b,
};
const ping: FlowWords = { protocol: 1, clientPort: 8, serverPort: 0, flagsToServer: 0 };
const datagram: FlowWords = { protocol: 17, flagsToServer: 0 };

const slowly = (count: number, gap: number, words: (i: number) => FlowWords): FlowWords[] =>
  many(count, (i) => ({ at: i * gap, ...words(i) }));
const from = (i: number): string => `203.0.113.${i}`;
const arpFindings = (requests: readonly { sender?: string; target: string; at?: number; message?: "arp-reply" }[]): Finding[] =>
  findingsOf(
    named("arp-scan"),
    requests.map((words, i) => ({ neighbour: neighbourFact({ at: i / 50, ...words }) })),
  );
const probeFindings = (flows: readonly FlowWords[]): Finding[] =>
  findingsOf(
    named("os-probe"),
    flows.map((words, i): Heard => ({ start: flowFact({ at: i / 40, ...words }) })),
  );

describe("scan", () => {
  test.each<[string, FlowWords[], number]>([
    ["many ports of one host without an answer", many(30, (i) => ({ serverPort: i })), 1],
    ["one port of many hosts without an answer", many(30, (i) => ({ server: host(i) })), 1],
    ["refused by all", many(30, (i) => ({ server: host(i), refused: true, packetsToClient: 1, flagsToClient: 0x14 })), 1],
    ["every fourth host has it open", many(60, (i) => ({ server: host(i), ...(i % 4 === 0 ? open : {}) })), 1],
    ["XMAS probes, which open ports leave unanswered", many(30, (i) => ({ serverPort: i, flagsToServer: 0x29, midstream: true })), 1],
    [
      "NULL probes count as established but open nothing",
      many(30, (i) => ({ serverPort: i, flagsToServer: 0, established: true, answered: true })),
      1,
    ],
    [
      "lone ACKs to many ports of one host, each reset",
      many(30, (i) => ({ serverPort: i, flagsToServer: 16, flagsToClient: 4, packetsToClient: 1 })),
      1,
    ],
    [
      "a sweep of pings",
      many(40, (i) => ({ ...ping, server: host(i), ...(i % 5 === 0 ? { packetsToClient: 1, answered: true } : {}) })),
      1,
    ],
    ["the protocols of IP, one after the other", many(60, (i) => ({ protocol: 60 + i, serverPort: 0, flagsToServer: 0 })), 1],
    ["UDP ports of one host in silence", many(50, (i) => ({ ...datagram, serverPort: i })), 1],

    ["a worm that asks strangers for Telnet", many(30, (i) => ({ server: stranger(i), serverPort: 23, at: i * 4 })), 1],
    ["the web servers of the Internet, a hundred a second", many(400, (i) => ({ server: stranger(i), serverPort: 443 })), 1],

    ["a browser without a way out", many(300, (i) => ({ server: stranger(i), serverPort: 443, packetsToServer: 4, at: i })), 0],
    ["a browser whose QUIC is filtered", many(300, (i) => ({ ...datagram, server: stranger(i), serverPort: 443, at: i / 2 })), 0],
    ["a resolver without a way out", many(900, (i) => ({ ...datagram, server: stranger(i), serverPort: 53 })), 0],
    [
      "a peer of Bitcoin that was told dead addresses",
      many(140, (i) => ({ server: stranger(i), serverPort: 8333, packetsToServer: 3, at: i * 2 })),
      0,
    ],
    ["the same door again and again", many(600, () => ({})), 0],
    ["a busy client whose servers answer", many(600, (i) => ({ server: host(i), ...open })), 0],
    ["a client with some failures", many(600, (i) => ({ server: host(i), ...(i % 4 === 0 ? {} : open) })), 0],
    [
      "a peer-to-peer program: many dead peers, each at a port of its own",
      many(400, (i) => ({ server: host(i), serverPort: 1024 + ((i * 7919) % 50_000) })),
      0,
    ],
    ["knocks that are far apart", many(60, (i) => ({ serverPort: i, at: i * 400 })), 0],
    ["twenty dead hosts of a monitor, asked every minute", many(600, (i) => ({ server: host(i % 20), at: i * 3 })), 0],
    ["a monitor that pings hosts that live", many(600, (i) => ({ ...ping, server: host(i), packetsToClient: 1, answered: true })), 0],
    ["a traceroute by UDP", many(90, (i) => ({ ...datagram, serverPort: 33_434 + i })), 0],
    [
      "one-way telephony: many datagrams to each port",
      many(90, (i) => ({ ...datagram, serverPort: 10_000 + 2 * i, packetsToServer: 500 })),
      0,
    ],
    [
      "backscatter: flows that the server opens",
      many(90, (i) => ({ server: host(i), packetsToServer: 0, packetsToClient: 1, flagsToServer: 0, flagsToClient: 0x12 })),
      0,
    ],
    [
      "a capture of one direction: acknowledged, so somebody answered",
      many(90, (i) => ({ server: host(i), flagsToServer: 0x1a, packetsToServer: 5 })),
      0,
    ],
    [
      "stale connections to many servers that are reset",
      many(90, (i) => ({ server: host(i), flagsToServer: 16, flagsToClient: 4, packetsToClient: 1 })),
      0,
    ],
    ["multicast gets no answer", many(90, (i) => ({ ...datagram, server: `239.1.1.${i}` })), 0],
  ])("%s", (_case, flows, expected) => {
    expect(ends("scan", flows).slice(0, 1)).toHaveLength(expected);
  });

  test("says why, with numbers", () => {
    const [finding] = ends(
      "scan",
      many(60, (i) => ({ serverPort: i })),
    );
    expect(finding).toMatchObject({
      source: "10.0.0.1",
      target: "10.0.0.2",
      severity: "medium",
      title: "10.0.0.1 knocked at 25 TCP ports of 10.0.0.2 in 0.24 s, 25 of them gave no answer",
    });
    expect(finding?.why[0]).toEqual({ feature: "ports without an answer", value: 25, threshold: 25, sample: 25 });
  });

  test("reports a large scan few times", () => {
    expect(
      ends(
        "scan",
        many(5000, (i) => ({ server: host(i) })),
      ).length,
    ).toBeLessThan(6);
  });
});

describe("slow scan", () => {
  test.each<[string, FlowWords[], number]>([
    ["a host every two minutes", slowly(120, 120, (i) => ({ server: host(i) })), 1],
    ["a port every five minutes", slowly(120, 300, (i) => ({ serverPort: i })), 1],
    ["a fast one is the other detector's", slowly(120, 1, (i) => ({ server: host(i) })), 0],
    ["strangers are asked for remote desktops", slowly(120, 120, (i) => ({ server: stranger(i), serverPort: 3389 })), 1],
    ["a day without a way out", slowly(700, 120, (i) => ({ server: stranger(i), serverPort: 443 })), 0],
    ["a dead server, tried all day", slowly(700, 120, () => ({})), 0],
    ["thirty dead servers, tried all day", slowly(700, 120, (i) => ({ server: host(i % 30) })), 0],
    ["a mail server that cannot reach some", slowly(700, 120, (i) => ({ server: host(i), ...(i % 3 === 0 ? {} : open) })), 0],
    ["dead peers at ports of their own", slowly(700, 120, (i) => ({ server: host(i), serverPort: 1024 + ((i * 7919) % 50_000) })), 0],
    ["over several days it is forgotten", slowly(120, 3000, (i) => ({ server: host(i) })), 0],
  ])("%s", (_case, flows, expected) => {
    expect(ends("slow-scan", flows).slice(0, 1)).toHaveLength(expected);
  });
});

describe("distributed scan", () => {
  test.each<[string, FlowWords[], number]>([
    ["forty sources share two hundred ports", many(200, (i) => ({ client: from(i % 40), serverPort: i, at: i })), 1],
    ["one source does it alone", many(200, (i) => ({ client: from(i % 3 === 0 ? i % 40 : 99), serverPort: i, at: i })), 0],
    [
      "one scanner, and then a flood of one port from everywhere",
      [...many(200, (i) => ({ client: from(99), serverPort: i, at: i / 2 })), ...many(90, (i) => ({ client: from(i % 200), at: 120 + i }))],
      0,
    ],
    ["a dead service with many clients", many(600, (i) => ({ client: from(i % 200), at: i })), 0],
    ["a flood with random ports", many(600, (i) => ({ client: from(i % 200), serverPort: i, at: i / 1000 })), 0],
    [
      "a host whose ports mostly answer",
      many(600, (i) => ({ client: from(i % 40), serverPort: i, at: i / 4, ...(i % 3 === 0 ? {} : open) })),
      0,
    ],
  ])("%s", (_case, flows, expected) => {
    expect(ends("distributed-scan", flows)).toHaveLength(expected);
  });
});

describe("ARP scan", () => {
  const random = new Random(4);
  test.each<[string, Parameters<typeof arpFindings>[0], number]>([
    ["one address after the other", many(254, (i) => ({ target: `10.0.0.${1 + i}` })), 1],
    ["in any order, once it is through", many(254, (i) => ({ target: `10.0.0.${1 + ((i * 89) % 254)}` })), 1],
    ["the same neighbours again and again", many(900, (i) => ({ target: `10.0.0.${i % 40}` })), 0],
    [
      "a router that asks for those it has traffic for",
      many(700, () => ({ target: `10.0.${random.between(0, 16)}.${random.between(1, 255)}` })),
      0,
    ],
    [
      "a server that looks up all its clients, who are there",
      many(120, (i) => {
        const [asker, client] = ["10.0.0.1", `10.0.0.${100 + (i >> 1)}`];
        return i % 2 === 0 ? { target: client } : { sender: client, target: asker, message: "arp-reply" as const };
      }),
      0,
    ],
    ["many hosts that ask once", many(254, (i) => ({ sender: `10.0.0.${1 + i}`, target: "10.0.0.1" })), 0],
    ["announcements of many hosts", many(254, (i) => ({ sender: `10.0.0.${1 + i}`, target: `10.0.0.${1 + i}` })), 0],
    ["answers are no questions", many(254, (i) => ({ target: `10.0.0.${1 + i}`, message: "arp-reply" as const })), 0],
    ["an address a minute", many(254, (i) => ({ target: `10.0.0.${1 + i}`, at: i * 60 })), 0],
  ])("%s", (_case, requests, expected) => {
    expect(arpFindings(requests).slice(0, 1)).toHaveLength(expected);
  });
});

describe("probe of the operating system", () => {
  test.each<[string, FlowWords[], number]>([
    ["NULL, SYN+FIN+PSH+URG and XMAS", [{ flagsToServer: 0 }, { flagsToServer: 0x2b }, { flagsToServer: 0x29 }], 1],
    ["echo with a code, NULL, lone ACK", [{ ...ping, serverPort: 9 }, { flagsToServer: 0 }, { flagsToServer: 16 }], 1],
    ["ordinary openings with ECN", many(90, () => ({ flagsToServer: 0xc2 })), 0],
    ["a scan with one kind of odd packet", many(90, (i) => ({ flagsToServer: 0x29, serverPort: i })), 0],
    [
      "lone ACKs and FINs of old connections",
      [{ flagsToServer: 16 }, { flagsToServer: 1 }, { flagsToServer: 16 }, { flagsToServer: 0x11 }],
      0,
    ],
    [
      "each kind at another host",
      [{ flagsToServer: 0 }, { flagsToServer: 0x2b, server: host(1) }, { flagsToServer: 0x29, server: host(2) }],
      0,
    ],
    ["far apart", [{ flagsToServer: 0 }, { flagsToServer: 0x2b, at: 100 }, { flagsToServer: 0x29, at: 200 }], 0],
  ])("%s", (_case, flows, expected) => {
    expect(probeFindings(flows).slice(0, 1)).toHaveLength(expected);
  });
});
