import type { LiveSummary } from "#schema/live.ts";

/** A summary of second `sequence`, for tests: all zero but what `more` says. */
export function summaryAt(sequence: number, more: Partial<LiveSummary> = {}): LiveSummary {
  return {
    sequence,
    time: (1_767_225_600 + sequence) * 1e6,
    source: { name: "eth0", kind: "live", finished: false },
    interval: 1,
    packets_per_second: 0,
    bits_per_second: 0,
    events_per_second: 0,
    live_flows: 0,
    coverage: {
      kernel_drops: 0,
      interface_drops: 0,
      truncated_packets: 0,
      undecoded_packets: 0,
      malformed_packets: 0,
      stream_gap_bytes: 0,
      evicted_flows: 0,
      events_dropped: 0,
      encrypted_share: 0,
    },
    protocols: [],
    talkers: [],
    flows: [],
    counters: {},
    ...more,
  };
}
