import { expect, test } from "vitest";
import type { OddwireEvent } from "#schema/event.ts";
import { oddGroups } from "./odd-groups.ts";

const anomaly = (second: number, event: string): OddwireEvent => ({ timestamp: `0${second}`, event_type: "anomaly", anomaly: { event } });
const finding = (second: number, title: string): OddwireEvent => ({ timestamp: `0${second}`, event_type: "finding", finding: { title } });

test("what says the same is one row, with its newest event and its count, in order of the newest", () => {
  const events = [anomaly(9, "a"), finding(8, "scan"), anomaly(7, "b"), anomaly(6, "a"), finding(5, "a")];
  expect(oddGroups(events).map(({ key, newest, count }) => [key, newest.timestamp, count])).toEqual([
    ["anomaly a", "09", 2],
    ["finding scan", "08", 1],
    ["anomaly b", "07", 1],
    ["finding a", "05", 1],
  ]);
});
