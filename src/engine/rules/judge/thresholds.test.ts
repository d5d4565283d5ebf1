import { expect, test } from "vitest";
import type { Suppression, Threshold } from "#engine/rules/effect.ts";
import { Thresholds } from "./thresholds.ts";

const MICROS = 1_000_000;
const A = "10.0.0.1";
const B = "10.0.0.2";
const C = "10.0.0.3";
type Match = readonly [seconds: number, source: string, target: string, flowId?: number];

const upTo = (end: number): number[] => Array.from({ length: end }, (_, second) => second);
const threshold = (type: Threshold["type"], count: number, more: Partial<Threshold> = {}): Threshold => ({
  type,
  track: "by_src",
  count,
  seconds: 10,
  ...more,
});

/** Times of the matches that are told. */
function told(one: Threshold, matches: readonly (number | Match)[]): number[] {
  const thresholds = new Thresholds();
  return matches.flatMap((match) => {
    const [seconds, source, target, flowId = 1] = typeof match === "number" ? ([match, A, B] as const) : match;
    return thresholds.admit(7, [one], [], Math.round(seconds * MICROS), source, target, flowId) ? [seconds] : [];
  });
}

const mixed: readonly Match[] = [
  [0, A, B],
  [0.1, B, A],
  [0.2, A, C],
  [0.3, A, B],
  [0.4, B, A],
  [0.5, C, A],
  [0.6, A, B],
];

// Each row down to the mixed ones was also put to Suricata 7.0.10.
test.each<[string, Threshold, readonly (number | Match)[], readonly number[]]>([
  [
    "limit: a window's last moment belongs to it",
    threshold("limit", 2),
    [0, 1, 2, 9.5, 10, 10.000001, 11, 12, 20, 20.1, 20.2, 21],
    [0, 1, 10.000001, 11, 20.1, 20.2],
  ],
  ["limit: a window begins with a match", threshold("limit", 2), [0.5, 10.2, 10.4, 10.5, 10.6, 11], [0.5, 10.2, 10.6, 11]],
  ["limit: one", threshold("limit", 1), [0, 5, 10, 10.1, 20, 20.1, 20.11, 21], [0, 10.1, 20.11]],
  ["limit: time that goes back is within the window", threshold("limit", 2), [10, 5, 5.5, 6, 11], [10, 5]],
  ["threshold: every third", threshold("threshold", 3), upTo(10), [2, 5, 8]],
  ["threshold: a new window counts anew", threshold("threshold", 3), [0, 5, 10.1, 11, 12, 13, 25, 26, 27], [12, 27]],
  ["threshold: an alert begins no window", threshold("threshold", 3), [0, 1, 2, 9, 10.5, 11, 11.5], [2, 11.5]],
  ["threshold: one", threshold("threshold", 1), [0, 1, 11, 12, 30], [0, 1, 11, 12, 30]],
  ["both: once a window", threshold("both", 3), upTo(25), [2, 13, 24]],
  ["both: not enough in the window", threshold("both", 3), [0, 9, 10, 11, 19, 20, 21, 22], [10, 20]],
  ["both: one", threshold("both", 1), upTo(25), [0, 11, 22]],
  [
    "detection_filter: what is beyond",
    threshold("detection_filter", 3),
    upTo(25),
    [3, 4, 5, 6, 7, 8, 9, 10, 14, 15, 16, 17, 18, 19, 20, 21],
  ],
  ["detection_filter: fixed windows", threshold("detection_filter", 1), [0.5, 10.5, 10.6, 20.6, 20.7], [10.5, 20.6]],
  ["limit by source", threshold("limit", 1), mixed, [0, 0.1, 0.5]],
  ["both by source", threshold("both", 2), mixed, [0.2, 0.4]],
  ["limit by target", threshold("limit", 1, { track: "by_dst" }), mixed, [0, 0.1, 0.2]],
  ["limit by pair: whoever sends", threshold("limit", 1, { track: "by_both" }), mixed, [0, 0.2]],
  ["both by pair", threshold("both", 2, { track: "by_both" }), mixed, [0.1, 0.5]],
  ["limit by rule", threshold("limit", 1, { track: "by_rule" }), mixed, [0]],
  ["both by rule", threshold("both", 2, { track: "by_rule" }), mixed, [0.1]],
  ["detection_filter by target", threshold("detection_filter", 1, { track: "by_dst" }), mixed, [0.3, 0.4, 0.5, 0.6]],
  [
    "limit by flow",
    threshold("limit", 1, { track: "by_flow" }),
    [
      [0, A, B, 1],
      [1, A, B, 2],
      [2, A, B, 1],
    ],
    [0, 1],
  ],
  ["backoff", threshold("backoff", 1, { track: "by_flow", multiplier: 10 }), upTo(120), [0, 9, 99]],
  ["backoff that does not grow", threshold("backoff", 2, { track: "by_flow", multiplier: 1 }), upTo(5), [1, 2, 3, 4]],
])("%s", (_case, one, matches, expected) => expect(told(one, matches)).toEqual(expected));

test.each<[string, Threshold, readonly number[]]>([
  [
    "rate_filter: another action while it lasts, then counted anew",
    threshold("rate_filter", 3, { newAction: "drop", timeoutSeconds: 10 }),
    [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 33, 34, 35, 36, 37, 38, 39],
  ],
  [
    "rate_filter: short windows",
    threshold("rate_filter", 3, { track: "by_rule", seconds: 3, newAction: "drop", timeoutSeconds: 5 }),
    [3, 4, 5, 6, 7, 8, 13, 14, 15, 16, 17, 18, 23, 24, 25, 26, 27, 28, 33, 34, 35, 36, 37, 38],
  ],
])("%s", (_case, one, changed) => {
  const thresholds = new Thresholds();
  const drops = upTo(40).filter((second) => {
    expect(thresholds.admit(1, [one], [], second * MICROS, A, B, 1)).toBe(true);
    return thresholds.newAction === "drop";
  });
  expect(drops).toEqual(changed);
});

test("rate_filter: pass tells nothing", () => {
  const one = threshold("rate_filter", 3, { newAction: "pass", timeoutSeconds: 5 });
  expect(told(one, upTo(20))).toEqual([0, 1, 2, 9, 16, 17, 18, 19]);
});

const only = (address: number): Suppression["addresses"] => ({ any: false, has: (words, at, ipv6) => !ipv6 && words[at] === address });

test.each<[string, Suppression, readonly [string, string][]]>([
  ["all", { track: undefined, addresses: undefined }, []],
  ["by source", { track: "by_src", addresses: only(0x0a000001) }, [[B, A]]],
  ["by target", { track: "by_dst", addresses: only(0x0a000001) }, [[A, B]]],
  ["by either", { track: "by_either", addresses: only(0x0a000003) }, [[A, B], [B, A]]], // biome-ignore format: a row
])("suppress %s", (_case, suppression, expected) => {
  const thresholds = new Thresholds();
  const pairs = [[A, B], [B, A], [A, C]].slice(0, suppression.track === "by_either" ? 3 : 2) as [string, string][]; // biome-ignore format: a row
  expect(pairs.filter(([source, target]) => thresholds.admit(1, [], [suppression], 0, source, target, 1))).toEqual(expected);
});

test("ports are counted once each", () => {
  const thresholds = new Thresholds();
  const one = threshold("detection_filter", 2, { uniqueOn: "dst_port" });
  const admitted = [80, 80, 443, 80, 8080].map((target) => thresholds.admit(1, [one], [], 0, A, B, 1, { source: 1, target }));
  expect(admitted).toEqual([false, false, false, false, true]);
});

test("rules and hosts have counts of their own; a full table drops the oldest window, and tells", () => {
  const thresholds = new Thresholds(2);
  const one = threshold("limit", 1);
  expect(thresholds.admit(1, [one], [], 0, A, B, 1)).toBe(true);
  expect(thresholds.admit(2, [one], [], 1, A, B, 1)).toBe(true);
  expect(thresholds.admit(1, [one], [], 2, A, B, 1)).toBe(false);
  expect(thresholds.admit(3, [one], [], 3, A, B, 1)).toBe(true);
  expect([thresholds.size, thresholds.evictions]).toEqual([2, 1]);
  expect(thresholds.admit(1, [one], [], 20 * MICROS, A, B, 1)).toBe(true);
  expect(thresholds.evictions).toBe(1);
});
