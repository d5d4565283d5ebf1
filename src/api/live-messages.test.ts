import { expect, test } from "vitest";
import type { OddwireEvent } from "#contract/event.ts";
import { FakeEngine } from "#test/fake/fake-engine.ts";
import { byId, flowDelta, mostNotable } from "./live-messages.ts";

test("a delta turns the flows before into the flows after, for 200 seconds of traffic", () => {
  const engine = new FakeEngine(5, 0);
  const shown = new Map();
  let before = byId([]);
  for (let second = 0; second < 200; second++) {
    engine.tick();
    const now = byId(engine.summary?.flows ?? []);
    const { flows, removed } = flowDelta(before, now);
    for (const id of removed) shown.delete(id);
    for (const flow of flows) shown.set(flow.flow_id, flow);
    before = now;
    expect(new Map(shown)).toEqual(now);
  }
});

test("flows that stand still are not in the delta", () => {
  const engine = new FakeEngine(5, 0);
  engine.tick();
  const flows = engine.summary?.flows ?? [];
  expect(flowDelta(byId(flows), byId(flows.map((flow) => ({ ...flow }))))).toEqual({ flows: [], removed: [] });
});

const event = (event_type: string, number: number): OddwireEvent => ({ timestamp: "", event_type, number });

test.each([
  ["few events are all kept", 10, [0, 1, 2, 3, 4]],
  ["findings and alerts stay when there is little room", 2, [2, 4]],
  ["then anomalies", 3, [1, 2, 4]],
  ["then the others, the oldest first, all in their order", 4, [0, 1, 2, 4]],
])("%s", (_case, max, numbers) => {
  const events = [event("dns", 0), event("anomaly", 1), event("finding", 2), event("tls", 3), event("alert", 4)];
  expect(mostNotable(events, max).map((kept) => kept["number"])).toEqual(numbers);
});
