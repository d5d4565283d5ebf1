import { expect, test } from "vitest";
import type { LiveSummary } from "#contract/live.ts";
import { FakeEngine } from "#test/fake/fake-engine.ts";
import { historyColumns } from "./history-columns.ts";

const engine = new FakeEngine(3, 0);
for (let second = 0; second < 100; second++) engine.tick();
const mean = (rows: readonly LiveSummary[]) => rows.reduce((sum, row) => sum + row.packets_per_second, 0) / rows.length;

test("with enough points every summary is a row", () => {
  const columns = historyColumns(engine.history, undefined, 100);
  expect(columns.time).toEqual(engine.history.map((summary) => summary.time));
  expect(columns.packets_per_second).toEqual(engine.history.map((summary) => summary.packets_per_second));
});

test("with fewer points neighbours are averaged, counted from the newest", () => {
  const columns = historyColumns(engine.history, undefined, 30);
  expect(columns.time).toHaveLength(25);
  expect(columns.time.at(-1)).toBe(100e6);
  expect(columns.packets_per_second.at(-1)).toBeCloseTo(mean(engine.history.slice(-4)), 2);
});

test("from cuts off what is older", () => expect(historyColumns(engine.history, 91e6, 100).time).toHaveLength(10));

test("the protocols' bits add up to the bits of the row", () => {
  const { protocols, bits_per_second } = historyColumns(engine.history, undefined, 20);
  const sum = protocols.reduce((total, protocol) => total + (protocol.bits_per_second[7] ?? 0), 0);
  expect(sum / (bits_per_second[7] as number)).toBeCloseTo(1, 5);
});

test("an empty history has empty columns", () => expect(historyColumns([], undefined, 10)).toMatchObject({ time: [], protocols: [] }));
