import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import type { Finding } from "#contract/detector.ts";
import { findingsOf, type Heard, many, messageFact } from "#test/fake/fake-facts.ts";
import { reachOf } from "./addresses.ts";
import dnsAnswers from "./index.ts";

const findings = (detector: string, history: readonly Heard[]): Finding[] => {
  const definition = dnsAnswers.detectors?.find(({ name }) => name === detector);
  return definition === undefined ? [] : findingsOf(definition, history);
};

interface Said {
  readonly name?: string;
  readonly at: number;
  readonly addresses?: readonly string[];
  readonly ttl?: number;
  readonly id?: number;
  readonly client?: string;
  readonly server?: string;
  readonly owner?: string;
}

const flowOf = ({ client = "10.0.0.5", server = "10.0.0.1", at }: Said) => ({ client, server, serverPort: 53, protocol: 17, at });
const question = ({ name = "www.example.com", id = 1 }: Said) => ({ version: 2, opcode: 0, id, rrname: name, rrtype: "A" });
const query = (said: Said): Heard => ({ message: messageFact("dns", { ...question(said), type: "query" }, flowOf(said)) });
function answer(said: Said): Heard {
  const { addresses = [], ttl = 60, name = "www.example.com", owner = name } = said;
  const answers = addresses.map((rdata) => ({ rrname: owner, rrtype: "A", ttl, rdata }));
  const rcode = addresses.length === 0 ? "NXDOMAIN" : "NOERROR";
  return { message: messageFact("dns", { ...question(said), type: "answer", rcode, answers }, { ...flowOf(said), side: 1 }) };
}

const random = new Random(5);
const anywhere = (): string => [random.between(11, 120), random.between(0, 256), random.between(0, 256), random.between(1, 255)].join(".");
const within = (networks: readonly string[]): string => `${random.pick(networks)}.${random.between(0, 256)}.${random.between(1, 255)}`;
const few = many(6, (i) => `23.${40 + i * 7}`);

/** A page over HTTP. */
const page = (at: number, fields: Record<string, unknown>): Heard => ({
  message: messageFact("http", { status: 200, ...fields }, { client: "10.0.0.5", server: "198.51.100.7", at }),
});

describe("fast-flux", () => {
  test("finds a name whose addresses are anywhere", () => {
    const [finding] = findings(
      "fast-flux",
      many(30, (i) => answer({ at: i * 120, addresses: many(3, anywhere) })),
    );
    expect(finding).toMatchObject({ severity: "high", cause: "www.example.com" });
    expect(finding?.title).toMatch(/^www\.example\.com had \d+ addresses in \d+ networks within \d+ min, new ones in \d+ of \d+ answers$/);
  });

  test.each<[string, readonly Heard[]]>([
    ["a delivery network's addresses", many(300, (i) => answer({ at: i * 20, addresses: many(4, () => within(few)) }))],
    ["the volunteers of a pool", many(100, (i) => answer({ at: i * 60, name: "2.debian.pool.ntp.org", addresses: many(4, anywhere) }))],
    [
      "a cloud's service behind an alias",
      many(100, (i) => answer({ at: i * 60, owner: "s3-1-w.amazonaws.com", addresses: many(8, anywhere) })),
    ],
    ["addresses that hold for a day", many(100, (i) => answer({ at: i * 60, ttl: 86_400, addresses: many(3, anywhere) }))],
    ["many names with an address each", many(300, (i) => answer({ at: i * 10, name: `n${i}.example.com`, addresses: [anywhere()] }))],
    [
      "one answer with many addresses, again and again",
      (() => {
        const addresses = many(30, anywhere);
        return many(50, (i) => answer({ at: i * 60, addresses }));
      })(),
    ],
  ])("%s are none", (_case, history) => {
    expect(findings("fast-flux", history)).toEqual([]);
  });
});

describe("dns-rebinding", () => {
  test.each<[string, readonly Heard[], number]>([
    [
      "out at first, then into the network",
      [answer({ at: 0, addresses: ["198.51.100.7"], ttl: 1 }), answer({ at: 4, addresses: ["192.168.1.1"], ttl: 1 })],
      1,
    ],
    [
      "to the machine itself, by turns",
      many(4, (i) => answer({ at: i * 3, addresses: [i % 2 === 0 ? "198.51.100.7" : "127.0.0.1"], ttl: 1 })),
      1,
    ],
    [
      "once to the machine itself, as lists against advertisements do",
      [answer({ at: 0, addresses: ["198.51.100.7"] }), answer({ at: 4, addresses: ["127.0.0.1"], ttl: 2 })],
      0,
    ],
    ["nowhere, as they do as well", [answer({ at: 0, addresses: ["198.51.100.7"] }), answer({ at: 4, addresses: ["0.0.0.0"], ttl: 2 })], 0],
    [
      "another server has another view",
      [answer({ at: 0, addresses: ["198.51.100.7"] }), answer({ at: 9, server: "10.8.0.1", addresses: ["10.8.0.9"] })],
      0,
    ],
    [
      "another client has another view",
      [answer({ at: 0, addresses: ["198.51.100.7"] }), answer({ at: 9, client: "10.0.0.6", addresses: ["10.8.0.9"] })],
      0,
    ],
    [
      "names that always lead into the network",
      many(9, (i) => answer({ at: i, name: "10-0-0-9.hash.plex.direct", addresses: ["10.0.0.9"] })),
      0,
    ],
    ["hours later", [answer({ at: 0, addresses: ["198.51.100.7"] }), answer({ at: 9000, addresses: ["192.168.1.1"] })], 0],
    [
      "addresses that hold for an hour",
      [answer({ at: 0, addresses: ["198.51.100.7"], ttl: 3600 }), answer({ at: 99, addresses: ["192.168.1.1"], ttl: 3600 })],
      0,
    ],
    [
      "the gate of a network turns all names",
      many(8, (i) => answer({ at: i, name: `www.site${i % 4}.com`, addresses: [i < 4 ? "198.51.100.7" : "192.168.1.1"] })),
      0,
    ],
    [
      "names of the network itself",
      [answer({ at: 0, name: "nas.lan", addresses: ["198.51.100.7"] }), answer({ at: 4, name: "nas.lan", addresses: ["192.168.1.1"] })],
      0,
    ],
  ])("%s", (_case, history, expected) => {
    expect(findings("dns-rebinding", history)).toHaveLength(expected);
  });

  test.each([
    ["8.8.8.8", "public"],
    ["172.31.0.1", "private"],
    ["172.32.0.1", "public"],
    ["100.64.0.1", "private"],
    ["169.254.1.1", "private"],
    ["127.0.0.53", "loopback"],
    ["0.0.0.0", "nowhere"],
    ["::1", "loopback"],
    ["fd00::1", "private"],
    ["fe80::1", "private"],
    ["::ffff:10.0.0.1", "private"],
    ["2606:4700::1", "public"],
  ])("%s is %s", (address, reach) => {
    expect(reachOf(address)).toBe(reach);
  });
});

describe("dns-answer-race", () => {
  const [one, two] = [["198.51.100.7"], ["203.0.113.9"]];
  test.each<[string, readonly Heard[], number]>([
    [
      "two answers that contradict each other",
      [query({ at: 0 }), answer({ at: 0.001, addresses: one }), answer({ at: 0.03, addresses: two })],
      1,
    ],
    ["an address, then no such name", [query({ at: 0 }), answer({ at: 0.001, addresses: one }), answer({ at: 0.03 })], 1],
    [
      "the same answer twice, as copies are",
      [query({ at: 0 }), answer({ at: 0.02, addresses: one }), answer({ at: 0.02, addresses: one })],
      0,
    ],
    [
      "one answer for each of two questions",
      [query({ at: 0 }), query({ at: 0.4 }), answer({ at: 0.5, addresses: one }), answer({ at: 0.6, addresses: two })],
      0,
    ],
    [
      "answers that share an address",
      [query({ at: 0 }), answer({ at: 0.02, addresses: [...one, ...two] }), answer({ at: 0.03, addresses: two })],
      0,
    ],
    [
      "answers to questions with different numbers",
      [query({ at: 0 }), query({ at: 0, id: 2 }), answer({ at: 0.02, addresses: one }), answer({ at: 0.03, id: 2, addresses: two })],
      0,
    ],
    [
      "an answer a second later, to a question that was not seen again",
      [query({ at: 0 }), answer({ at: 0.02, addresses: one }), answer({ at: 1.5, addresses: two })],
      0,
    ],
    ["answers whose question was not seen", [answer({ at: 0.02, addresses: one }), answer({ at: 0.03, addresses: two })], 0],
  ])("%s", (_case, history, expected) => {
    expect(findings("dns-answer-race", history)).toHaveLength(expected);
  });
});

describe("dns-search-page", () => {
  const madeUp = "3439ur09dhiolh32ljha.net";
  const led = answer({ at: 0, name: madeUp, addresses: ["198.51.100.7"] });
  const first = page(1, { hostname: madeUp, url: "/", length: 212 });
  const arrived = page(2, {
    hostname: "searchguide.example.com",
    url: `/search/?q=http%3A//${madeUp}/&r=`,
    http_refer: `http://${madeUp}/`,
    length: 12_000,
  });
  test.each<[string, readonly Heard[], number]>([
    ["a made-up name that leads to a search page", [led, first, arrived], 1],
    [
      "a site with a page of its own that has a search elsewhere",
      [led, page(1, { hostname: madeUp, url: "/", length: 40_000 }), arrived],
      0,
    ],
    [
      "a name of words",
      [
        answer({ at: 0, name: "goldengarden.net", addresses: ["198.51.100.7"] }),
        page(1, { hostname: "goldengarden.net", url: "/", length: 99 }),
        page(2, { hostname: "search.example.com", url: "/?q=goldengarden.net", http_refer: "http://goldengarden.net/" }),
      ],
      0,
    ],
    [
      "a counter that is told where one came from",
      [led, first, page(2, { hostname: "ads.example.com", url: `/pixel?ref=http%3A//${madeUp}/`, http_refer: `http://${madeUp}/` })],
      0,
    ],
    [
      "a page of the same domain",
      [led, first, page(2, { hostname: `www.${madeUp}`, url: `/?q=${madeUp}`, http_refer: `http://${madeUp}/` })],
      0,
    ],
    ["a search for the name that somebody typed", [led, first, page(2, { hostname: "search.example.com", url: `/?q=${madeUp}` })], 0],
  ])("%s", (_case, history, expected) => {
    expect(findings("dns-search-page", history)).toHaveLength(expected);
  });
});
