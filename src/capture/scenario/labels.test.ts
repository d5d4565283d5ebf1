import { expect, test } from "vitest";
import { actors } from "./actors/list.ts";
import { labels } from "./labels.ts";
import { defaultStartTime } from "./playback.ts";

const truth = labels(1);
const of = (actor: string): typeof truth => truth.filter((label) => label.actor === actor);
const packets = (label: string): number => truth.reduce((sum, row) => sum + (row.label === label ? row.packets : 0), 0);
const second = (time: number): number => (time - defaultStartTime) / 1e6;

test("every actor takes part", () => {
  expect(new Set(truth.map((label) => label.actor))).toEqual(new Set(actors.map((actor) => actor.name)));
});

test.each([
  ["port-scan", "203.0.113.66", 40, 65],
  ["http-probe", "203.0.113.77", 130, 140],
  ["malformed", "203.0.113.101", 150, 160],
  ["ssh-brute-force", "203.0.113.90", 200, 240],
  ["dns-tunnel", "192.168.10.107", 60, 183],
  ["generated-names", "192.168.10.114", 20, 45],
  ["arp-spoof", "192.168.10.116", 222, 246],
  ["exfiltration", "192.168.10.104", 262, 285],
  ["beacon", "192.168.10.111", 0, 300],
])("the attack %s is told with its source and time", (actor, client, from, to) => {
  const rows = of(actor);
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) expect([row.label, row.client]).toEqual(["attack", client]);
  expect(second(Math.min(...rows.map((row) => row.from)))).toBeGreaterThanOrEqual(from);
  expect(second(Math.max(...rows.map((row) => row.to)))).toBeLessThan(to);
});

test("the game's bots play from addresses of their own", () => {
  expect(
    of("game-bots")
      .map(({ label, client }) => `${label} ${client}`)
      .toSorted(),
  ).toEqual([230, 231, 232, 233].map((number) => `attack 198.51.100.${number}`));
});

test("the flood comes from many addresses within about three seconds", () => {
  const rows = of("syn-flood");
  expect(rows.length).toBeGreaterThan(100);
  expect(rows.reduce((sum, row) => sum + row.packets, 0)).toBeGreaterThan(9_000);
  expect(second(Math.max(...rows.map((row) => row.to)))).toBeLessThan(114);
});

test("most traffic is ordinary", () => {
  expect(packets("ordinary")).toBeGreaterThan(5 * packets("attack"));
});
