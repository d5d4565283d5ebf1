import { expect, test } from "vitest";
import type { Detector, Finding } from "#contract/detector.ts";
import type { Heard } from "#test/fake/fake-facts.ts";
import plugin from "./index.ts";
import { cellOf, M, measures, Profiles } from "./profile.ts";
import { Scope } from "./scope.ts";
import { daySeconds, days, hourSeconds, working } from "./simulated-days.common.ts";

const [definition] = plugin.detectors ?? [];
if (definition === undefined) throw new Error("the plugin has a detector");

function run(history: Iterable<Heard>, saved?: unknown): { readonly found: Finding[]; readonly detector: Detector } {
  const found: Finding[] = [];
  const settings = Object.fromEntries(Object.entries(definition?.settings ?? {}).map(([name, key]) => [name, key.default]));
  const detector = definition?.create({
    report: (finding) => void found.push(finding),
    settings: settings as never,
    seed: 1,
    saved,
  }) as Detector;
  for (const heard of history) if ("end" in heard) detector.onFlowEnd?.(heard.end);
  return { found, detector };
}

const spikeAt = 9 * daySeconds + 3 * hourSeconds;
const spiky = (at: number): number => working(at) * (at >= spikeAt && at < spikeAt + 900 ? 30 : 1);

const spikes = (found: readonly Finding[]): (string | undefined)[] =>
  found.map(({ cause }) => cause).filter((cause) => cause?.startsWith("spike"));

test("what was learnt survives a restart through JSON, and judges as if there had been none", () => {
  const whole = run(days({ days: 10, load: spiky }));
  const before = run(days({ days: 8, load: spiky }));
  const saved: unknown = JSON.parse(JSON.stringify(before.detector.save?.()));
  const after = run(days({ days: 2, from: 8, load: spiky }), saved);
  expect(spikes(whole.found)).toContain("spike service 10.0.0.9 tcp/443");
  expect(spikes(after.found)).toContain("spike service 10.0.0.9 tcp/443");
});

test.each<[string, unknown]>([
  ["nothing", undefined],
  ["a text", "x"],
  ["another version", { version: 99, traffic: {} }],
  [
    "rows that are none",
    {
      version: 1,
      interval: 300e6,
      clock: 1,
      born: 1,
      traffic: { host: [[1], ["a", "b"], 5] },
      calibration: 7,
      firstSeen: { port: [Number.NaN] },
      ration: [1],
    },
  ],
])("what was saved and is %s is learnt anew", (_case, saved) => {
  expect(() => run(days({ days: 0.1 }), saved)).not.toThrow();
});

test("a ramp moves what is usual by no more than the share a day", () => {
  const profiles = new Profiles(1, { perHour: 12, driftShare: 0.1 });
  const values = new Float64Array(measures.length);
  const level = (at: number): number => Math.expm1(profiles.expected(0, M.bytes, cellOf(at))?.level ?? 0);
  const step = 300e6;
  let at = 0;
  for (; at < 5 * 86_400e6; at += step) {
    values.fill(1e6);
    profiles.learn(0, cellOf(at), values, 0, true);
  }
  const before = level(at);
  for (const end = at + 5 * 86_400e6, from = at; at < end; at += step) {
    // Ten times as much within the five days.
    values.fill(1e6 * 10 ** ((at - from) / (end - from)));
    profiles.learn(0, cellOf(at), values, 0, true);
  }
  expect(level(at - 86_400e6) / before).toBeLessThan(1.1 ** 5);
  expect(level(at - 86_400e6) / before).toBeGreaterThan(1);
});

test("the flood of new names displaces nobody who is established", () => {
  const scope = new Scope("host", 100, { perHour: 12, driftShare: 0.1 });
  const established = scope.admit(1, "old", 0);
  for (let i = 0; i < 100; i++) {
    scope.add(established, 100, 1, 1, 0);
    scope.turn(established, 0);
  }
  for (let i = 0; i < 1000; i++) {
    const row = scope.admit(100 + i, `new ${i}`, 0);
    if (row >= 0) scope.add(row, 1, 1, 1, 0);
    if (i % 50 === 49) {
      scope.makeRoom();
      for (const one of scope.rows()) scope.turn(one, 0);
    }
  }
  expect(scope.rowOf(1)).toBe(established);
  expect(scope.size).toBeLessThanOrEqual(100);
  expect(scope.refused).toBeGreaterThan(0);
});

test("what full tables save stays within 20 MB", () => {
  const scope = new Scope("host", 200, { perHour: 12, driftShare: 0.1 });
  for (let i = 0; i < 200; i++) {
    const row = scope.admit(i * 7_654_321, "2001:0db8:0000:0000:0000:0000:0000:0001 tcp/65535", 1_700_000_000_000_000);
    for (let cell = 0; cell < 48; cell++) {
      for (let k = 0; k < 3; k++) {
        scope.add(row, 123_456_789, 123_456, 1234, 123);
        scope.turn(row, cell);
      }
    }
  }
  const rows = 1500 + 2000 + 200 + 400 + 200 + 1;
  expect((JSON.stringify(scope.state()).length / 200) * rows).toBeLessThan(12e6);
});

test("people see what is usual at this hour, and one host can be forgotten", () => {
  const { detector } = run(days({ days: 4 }));
  const all = detector.learnt?.baselines({ limit: 100 });
  expect(all).toMatchObject({ interval_min: 5, ready: true, held_back: 0 });
  const server = detector.learnt?.baselines({ name: "10.0.0.9", limit: 100 });
  expect(server?.baselines.map(({ scope, name }) => `${scope} ${name}`)).toEqual(["host 10.0.0.9", "service 10.0.0.9 tcp/443"]);
  expect(server?.baselines[0]).toMatchObject({ scope: "host", seasonal: true, active: 1151 });
  expect(server?.baselines[0]?.usual?.bytes).toBeGreaterThan(1e6);
  expect(server?.baselines[0]?.hours).toHaveLength(48);
  expect(detector.learnt?.forget("10.0.0.9")).toEqual({ forgotten: 2 });
  expect(detector.learnt?.baselines({ name: "10.0.0.9", limit: 100 }).count).toBe(0);
  expect(detector.learnt?.forget().forgotten).toBeGreaterThan(4);
  expect(detector.learnt?.baselines({ limit: 100 })).toMatchObject({ ready: false, count: 0 });
});

test.each([1.5, 2, 3])("a ramp of %f times a day is told before it is a hundred times the usual", (factor) => {
  const from = 5 * daySeconds;
  const growth = (at: number): number => (at < from ? 1 : factor ** Math.floor((at - from) / daySeconds));
  const lastDay = Math.ceil(Math.log(100) / Math.log(factor));
  const { found } = run(days({ days: 5 + lastDay, load: (at) => working(at) * growth(at) }));
  expect(found.map(({ cause }) => cause)).toContain("spike service 10.0.0.9 tcp/443");
});
