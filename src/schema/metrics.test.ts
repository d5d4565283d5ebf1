import { expect, test } from "vitest";
import { M, metricKeys, metrics, namedCounters, nestedCounters, newCounters } from "./metrics.ts";

test("no two counters have one name, and none is the beginning of another", () => {
  const names = metricKeys.map((key) => metrics[key].name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => names.some((other) => other.startsWith(`${name}.`)))).toEqual([]);
});

test("a counter stands under its dotted name", () => {
  const counters = newCounters();
  counters[M.rulesLoaded] = 7;
  expect(namedCounters(counters)["detect.rules_loaded"]).toBe(7);
  expect(nestedCounters(counters)).toMatchObject({ detect: { rules_loaded: 7, alert: 0 } });
});
