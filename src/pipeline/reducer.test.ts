import { expect, test } from "vitest";
import { MICROS_PER_SECOND, type Micros } from "#base/time.ts";
import type { DetectorDefinition, ToldFinding } from "#contract/detector.ts";
import { defaultConfig } from "#schema/config.ts";
import { fakeStart } from "#test/fake/fake-facts.ts";
import { Reducer } from "./reducer.ts";

const at = (seconds: number): Micros => Math.round(fakeStart + seconds * MICROS_PER_SECOND) as Micros;

/** Reports a sign of one cause with each tick, however far the clock is ahead of its own packets. */
function knocksAt(seconds: readonly number[]): DetectorDefinition {
  const left = [...seconds];
  return {
    name: "knocks",
    summary: "Reports.",
    category: "scan",
    create: ({ report }) => ({
      onTick: () => {
        const time = at(left.shift() ?? 0);
        report({ time, number: 1, source: "10.0.0.5", title: "10.0.0.5 knocks", severity: "low", score: 0.5, why: [] });
      },
    }),
  };
}

function listenerFor(heard: ToldFinding[]): DetectorDefinition {
  return { name: "listener", summary: "Listens.", category: "observation", create: () => ({ onFinding: (told) => void heard.push(told) }) };
}

test.each<[string, readonly number[], number]>([
  ["a day ahead", [0, 1, 2, 3], 86_400],
  ["with the packets", [0, 1, 2, 3], 3],
])("one cause is told once when the capture's clock is %s", (_case, seconds, clock) => {
  const heard: ToldFinding[] = [];
  const reducer = new Reducer({ config: defaultConfig, plugins: [], listeners: [knocksAt(seconds), listenerFor(heard)] });
  for (let i = 0; i < seconds.length; i++) reducer.block([], at(clock));
  expect(heard.map(({ title, signs }) => [title, signs])).toEqual([["10.0.0.5 knocks", 1]]);
  expect(reducer.lines.kinds.get("finding")).toBe(1);
});

test("who listens to findings only asks for no facts", () => {
  const heard: ToldFinding[] = [];
  expect(new Reducer({ config: defaultConfig, plugins: [], listeners: [listenerFor(heard)] }).idle).toBe(true);
  expect(new Reducer({ config: defaultConfig, plugins: [], listeners: [listenerFor(heard), knocksAt([])] }).idle).toBe(false);
});
