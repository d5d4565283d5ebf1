import { expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { messageFact } from "#test/fake/fake-facts.ts";
import { DnsTunnel } from "./dns-tunnel.ts";

const limits = { bytesMin: 300, namesMin: 10, chanceMin: 0.75, tunnelRate: 5 };
const bounds = { marksMax: 5000, entriesMax: 2000 };
const random = new Random(11);
const letters = (count: number): string =>
  Array.from({ length: count }, () => "abcdefghijklmnopqrstuvwxyz234567"[random.between(0, 32)]).join("");

/** A question of a client for a name, a thousandth of a second behind the one before. */
const ask = (detector: DnsTunnel, i: number, client: number, rrname: string): void =>
  detector.onTransaction({
    ...messageFact("dns", { version: 2, opcode: 0, id: 1, rrname, rrtype: "A", type: "query" }, { at: i / 1000, protocol: 17 }),
    clientHash: client,
  });

test("names of many domains, and then ever new domains and clients, are kept up to the limits", () => {
  const detector = new DnsTunnel(limits, () => undefined, bounds);
  let [marks, entries, domains, clients] = [0, 0, 0, 0];
  const look = (): void => {
    marks = Math.max(marks, detector.kept.marks);
    entries = Math.max(entries, detector.kept.entries);
    domains = Math.max(domains, detector.kept.domains);
    clients = Math.max(clients, detector.kept.clients);
  };
  for (let i = 0; i < 8000; i++) {
    ask(detector, i, i % 300, `${i.toString(36)}x.d${i % 60}.com`);
    look();
  }
  for (let i = 0; i < 12_000; i++) {
    ask(detector, i, i, `${letters(16)}.e${i}.com`);
    look();
  }
  expect(marks).toBe(bounds.marksMax);
  expect(entries).toBe(bounds.entriesMax);
  expect(domains).toBeLessThanOrEqual(8192);
  expect(clients).toBeLessThanOrEqual(4096);
});

test("clients that tell something to all domains are kept up to the limit", () => {
  const detector = new DnsTunnel(limits, () => undefined, bounds);
  for (let i = 0; i < 10_000; i++) ask(detector, i, i % 40, `${letters(16)}.e${Math.floor(i / 40)}.com`);
  expect(detector.kept.entries).toBeLessThanOrEqual(bounds.entriesMax);
  expect(detector.kept.entries).toBeGreaterThan(bounds.entriesMax * 0.9);
  expect(detector.kept.marks).toBeLessThanOrEqual(bounds.marksMax);
});

test("who was forgotten is followed anew", () => {
  const told: string[] = [];
  const detector = new DnsTunnel(limits, ({ title }) => void told.push(title), bounds);
  for (let i = 0; i < 12_000; i++) ask(detector, i, i % 300, `${i.toString(36)}x.d${i % 60}.com`);
  for (let i = 0; i < 60; i++) ask(detector, 12_000 + i * 250, 7, `${letters(40)}.t.example.com`);
  expect(told.filter((title) => title.includes("below example.com"))).not.toEqual([]);
});
