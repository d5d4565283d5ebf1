import { expect, test } from "vitest";
import type { LiveMessage } from "#schema/api.ts";
import { FakeEngine } from "#test/fake/fake-engine.ts";
import { EVENTS_MAX, foldLive, initialLiveState } from "./live-state.ts";

const engine = new FakeEngine(2, 0);
engine.tick();
const summary = engine.summary as NonNullable<typeof engine.summary>;
const { flows, ...rest } = summary;
const snapshot: LiveMessage = { type: "snapshot", sequence: 5, stream: "s", summary, events: [] };
const state = foldLive(initialLiveState, snapshot);
const event = { timestamp: "", event_type: "dns" };

test("a snapshot replaces everything", () =>
  expect(foldLive({ ...state, sequence: 99, events: [event] }, snapshot)).toMatchObject({ sequence: 5, stream: "s", summary, events: [] }));

test("a delta adds, changes and removes flows, the most recent first", () => {
  const [first, second] = flows;
  const changed = { ...second, last: 1e15 } as (typeof flows)[number];
  const next = foldLive(state, {
    type: "delta",
    sequence: 6,
    summary: { ...rest, sequence: 2 },
    flows: [changed],
    removed: [first?.flow_id ?? 0],
  });
  expect(next.summary?.sequence).toBe(2);
  expect(next.summary?.flows).toHaveLength(flows.length - 1);
  expect(next.summary?.flows[0]).toEqual(changed);
  expect(state.summary?.flows).toEqual(flows);
});

test.each([
  ["a delta", { type: "delta", sequence: 5, summary: rest, flows: [], removed: [] }],
  ["events", { type: "events", sequence: 4, events: [event], skipped: 0 }],
  ["a message of a newer server", { type: "news" } as never],
] as readonly [string, LiveMessage][])("%s that was seen already, or means nothing, changes nothing", (_case, message) =>
  expect(foldLive(state, message)).toBe(state),
);

test("events are kept up to a limit, and what was skipped adds up", () => {
  let next = state;
  for (let i = 0; i < 30; i++)
    next = foldLive(next, { type: "events", sequence: 6 + i, events: Array.from({ length: 100 }, () => event), skipped: 3 });
  expect([next.events.length, next.skipped, next.sequence]).toEqual([EVENTS_MAX, 90, 35]);
});
