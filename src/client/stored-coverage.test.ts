import { expect, test } from "vitest";
import type { OddwireEvent } from "#schema/event.ts";
import { coverageOfStats } from "./stored-coverage.ts";

const statsEvent = (stats: object): OddwireEvent => ({ timestamp: "2026-01-05T09:00:00.000000+0000", event_type: "stats", stats });

test("the last stats event of a run says what a running engine would", () => {
  const stats = {
    decoder: { truncated: 3, unknown_ethertype: 4, invalid: 5 },
    capture: { kernel_drops: 2, interface_drops: 1 },
    tcp: { gap_bytes: 6 },
    flow: { evicted: 7 },
    output: { events_dropped: 8 },
    app_layer: { payload_bytes: 200, encrypted_bytes: 50 },
  };
  expect(coverageOfStats(statsEvent(stats))).toEqual({
    kernel_drops: 2,
    interface_drops: 1,
    truncated_packets: 3,
    undecoded_packets: 4,
    malformed_packets: 5,
    stream_gap_bytes: 6,
    evicted_flows: 7,
    events_dropped: 8,
    encrypted_share: 0.25,
  });
});

test.each([
  ["an event without counters", {}],
  ["counters of another shape", { decoder: 7, tcp: { gap_bytes: "many" }, app_layer: null }],
])("%s says nothing was missed, and breaks nothing", (_case, stats) => {
  const coverage = coverageOfStats(statsEvent(stats));
  expect(Object.values(coverage).every((value) => value === 0)).toBe(true);
});
