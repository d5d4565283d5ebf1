import { writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { pcapFile } from "#capture/testing.ts";
import { temporary } from "../oddwire.ts";
import { eventsIn, reading } from "../reading.ts";
import { announcement, asked, claim, connection, datagram, type Frame, knock, macOf, offer, ping, records } from "./frames.ts";

/*
 * What no capture of the corpora shows, as made-up captures: each detector must tell the first, and say nothing of what
 * looks like it and is harmless.
 */

const many = <T>(count: number, make: (i: number) => T | readonly T[]): T[] =>
  Array.from({ length: count }, (_, i) => [make(i)].flat() as T[]).flat();

/** Who tells what of a capture, as `detector category`. */
async function told(frames: readonly Frame[], settings: readonly string[] = []): Promise<string[]> {
  using folder = temporary();
  const path = folder.at("made-up.pcap");
  writeFileSync(path, pcapFile({}, records(frames)));
  const { bugs, ...read } = await reading([path], { settings });
  expect(bugs).toEqual([]);
  const found = eventsIn({ bugs, ...read })
    .filter(({ event_type: kind }) => kind === "finding")
    .map((event) => event["finding"] as { readonly detector: string; readonly category: string });
  return [...new Set(found.map(({ detector, category }) => `${detector} ${category}`))];
}

const random = new Random(5);
const letters = (count: number): string => many(count, () => "bcdfghjklmnpqrstvwxz"[random.between(0, 20)] as string).join("");
const host = (i: number): string => `10.0.7.${1 + i}`;
const outside = "198.51.100.9";
const web = (i: number, client = "10.0.0.5"): { from: string; to: string; port: number; toPort: number } => ({
  from: client,
  to: "10.0.0.80",
  port: 30_000 + i,
  toPort: 80,
});
const stranger = (i: number): string => `${20 + ((i * 7) % 150)}.${(i * 91) % 256}.${(i * 53) % 256}.${1 + (i % 250)}`;
const page = `HTTP/1.1 200 OK\r\nContent-Length: 1200\r\n\r\n${"x".repeat(1200)}`;

interface Case {
  readonly name: string;
  readonly category: string;
  readonly shows: () => Frame[];
  readonly harmless: () => Frame[];
  readonly settings?: readonly string[];
}

const hours = (count: number): Frame[] =>
  connection(
    0,
    { from: "10.0.0.5", to: outside, port: 40_000, toPort: 9000 },
    many(count * 12, (i) => ({ at: 1 + i * 300, by: "client" as const, text: "alive" })),
  );
const call = (method: string): Frame[] =>
  connection(0, { from: "10.0.0.5", to: outside, port: 40_000, toPort: 3333 }, [
    { at: 1, by: "client", text: `{"id":1,"jsonrpc":"2.0","method":"${method}","params":["x"]}\n` },
    { at: 1.1, by: "server", text: '{"id":1,"jsonrpc":"2.0","result":true,"error":null}\n' },
  ]);
const sent = (by: "client" | "server"): Frame[] =>
  connection(
    0,
    { from: "10.0.0.5", to: outside, port: 40_000, toPort: 9000 },
    many(900, (i) => ({ at: 1 + i / 100, by, text: "x".repeat(1300) })),
  );
const slow = (answer: string): Frame[] =>
  many(45, (i) =>
    connection(i / 10, web(i), [
      { at: 0.1, by: "client", text: "GET / HTTP/1.1\r\n" },
      { at: 6, by: "client", text: "X-a: b\r\n" },
      ...(answer === "" ? [] : [{ at: 7, by: "server" as const, text: answer }]),
      { at: 12, by: "client", text: "X-a: b\r\n" },
      { at: 18, by: "client", text: "X-a: b\r\n" },
    ]),
  );

const habit = (port: number): Frame[] => [
  ...many(800, (i) =>
    connection(i * 7, { from: `10.0.0.${1 + (i % 9)}`, to: "10.0.0.80", port: 30_000 + i, toPort: 80 }, [
      { at: 0.1, by: "client" as const, text: "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n" },
      { at: 0.2, by: "server" as const, text: page },
    ]),
  ),
  ...connection(6100, { from: "10.0.0.5", to: "10.0.0.80", port: 50_000, toPort: port }, [{ at: 1, by: "client", text: "hello" }]),
];

const cases: readonly Case[] = [
  {
    name: "baseline",
    category: "observation",
    settings: ["baseline.learning-h=1", "baseline.news-bits=8"],
    shows: () => habit(4444),
    harmless: () => habit(80),
  },
  { name: "long-connection", category: "observation", shows: () => hours(2), harmless: () => hours(0.5) },
  { name: "cryptomining", category: "policy", shows: () => call("mining.subscribe"), harmless: () => call("eth_blockNumber") },
  {
    name: "fast-flux",
    category: "c2",
    shows: () => many(8, (i) => asked(i * 300, "10.0.0.5", "cheap.example.com", [many(4, (j) => stranger(i * 4 + j))])),
    harmless: () => many(8, (i) => asked(i * 300, "10.0.0.5", "cdn.example.com", [many(4, (j) => `198.51.${100 + (i % 2)}.${i * 4 + j}`)])),
  },
  {
    name: "dns-rebinding",
    category: "exploit",
    shows: () => [
      ...asked(0, "10.0.0.5", "page.example.com", [["198.51.100.7"]], 1),
      ...asked(20, "10.0.0.5", "page.example.com", [["192.168.1.1"]], 1),
    ],
    harmless: () => [
      ...asked(0, "10.0.0.5", "page.example.com", [["198.51.100.7"]], 1),
      ...asked(20, "10.0.0.5", "page.example.com", [["198.51.100.8"]], 1),
    ],
  },
  {
    name: "dns-answer-race",
    category: "spoofing",
    shows: () => asked(0, "10.0.0.5", "bank.example.com", [["203.0.113.66"], ["198.51.100.7"]]),
    harmless: () => asked(0, "10.0.0.5", "bank.example.com", [["198.51.100.7"], ["198.51.100.7"]]),
  },
  {
    name: "exfiltration",
    category: "observation",
    settings: ["exfiltration.bytes-min=1000000"],
    shows: () => sent("client"),
    harmless: () => sent("server"),
  },
  {
    name: "packet-flood",
    category: "flood",
    shows: () => many(2000, (i) => ping(i / 1000, "10.0.0.5", "10.0.0.9", i)),
    harmless: () => many(2000, (i) => ping(i / 10, "10.0.0.5", "10.0.0.9", i)),
  },
  { name: "slow-connections", category: "flood", shows: () => slow(""), harmless: () => slow(page) },
  {
    name: "dga",
    category: "c2",
    shows: () => many(30, (i) => asked(i * 10, "10.0.0.5", `${letters(14)}.com`, [[]])),
    harmless: () => many(30, (i) => asked(i * 10, "10.0.0.5", `${letters(14)}.example.com`, [[]])),
  },
  {
    name: "nxdomain-storm",
    category: "flood",
    shows: () => many(300, (i) => asked(i / 10, host(i % 40), `${letters(12)}.example.com`, [[]])),
    harmless: () => many(300, (i) => asked(i / 10, host(i % 40), `host-${i % 60}.example.com`, [[]])),
  },
  {
    name: "slow-scan",
    category: "scan",
    shows: () => many(90, (i) => knock(i * 120, { from: "10.0.0.5", to: host(i), port: 40_000 + i, toPort: 445 })),
    harmless: () => many(90, (i) => knock(i * 120, { from: "10.0.0.5", to: host(i % 9), port: 40_000 + i, toPort: 445 })),
  },
  {
    name: "distributed-scan",
    category: "scan",
    shows: () => many(90, (i) => knock(i, { from: `203.0.113.${1 + (i % 30)}`, to: "10.0.0.9", port: 40_000 + i, toPort: 100 + i })),
    harmless: () =>
      many(90, (i) => knock(i, { from: `203.0.113.${1 + (i % 30)}`, to: "10.0.0.9", port: 40_000 + i, toPort: 100 + (i % 9) })),
  },
  {
    name: "address-conflict",
    category: "spoofing",
    shows: () => many(12, (i) => claim(i * 5, i % 2 === 0 ? macOf("10.0.0.1") : macOf("10.0.0.66"), "10.0.0.1", "10.0.0.5")),
    harmless: () => many(12, (i) => claim(i * 5, i < 6 ? macOf("10.0.0.1") : macOf("10.0.0.66"), "10.0.0.1", "10.0.0.5")),
  },
  {
    name: "rogue-dhcp",
    category: "spoofing",
    shows: () => [offer(0, "10.0.0.1", "10.0.0.1", 9), offer(0.1, "10.0.0.66", "10.0.0.66", 9)],
    harmless: () => [offer(0, "10.0.0.1", "10.0.0.1", 9), offer(0.1, "10.0.0.2", "10.0.0.1", 9)],
  },
  {
    name: "rogue-router",
    category: "spoofing",
    shows: () => many(40, (i) => announcement(i / 10, i + 1)),
    harmless: () => many(40, (i) => announcement(i / 10, 1 + (i % 2))),
  },
  {
    name: "custom-protocol",
    category: "c2",
    shows: () =>
      connection(0, { from: "10.0.0.5", to: outside, port: 40_000, toPort: 5552 }, [
        {
          at: 1,
          by: "client",
          text: "132\u0000ll|'|'|SGFjS2VkX0Q4RkU=|'|'|DESKTOP-1ABCDEF|'|'|user|'|'|2020-01-01|'|'||'|'|Win 10 Pro|'|'|No|'|'|0.7d",
        },
        { at: 2, by: "server", text: "3\u0000inf" },
      ]),
    harmless: () =>
      connection(0, { from: "10.0.0.5", to: outside, port: 40_000, toPort: 5552 }, [
        { at: 1, by: "client", text: "new|1|2|3|4|5|hello from a program of my own" },
        { at: 2, by: "server", text: "fine|1|2|3" },
      ]),
  },
];

describe("made-up captures", () => {
  test.each(cases.map((one) => [one.name, one] as const))("%s", async (name, { category, shows, harmless, settings }) => {
    expect(await told(shows(), settings)).toContain(`${name} ${category}`);
    expect((await told(harmless(), settings)).filter((one) => one.startsWith(`${name} `))).toEqual([]);
  });

  test("datagrams that nobody knows accuse nobody", async () => {
    const way = { from: "10.0.0.5", to: outside, port: 40_000, toPort: 9999 };
    expect(await told(many(50, (i) => datagram(i, way, Uint8Array.from([1, 2, 3, i]))))).toEqual([]);
  });
});
