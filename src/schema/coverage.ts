import type { Coverage } from "./live.ts";
import type { MetricKey } from "./metrics.ts";

/** What could not be seen, by the counters of an engine. */
export function coverageBy(count: (metric: MetricKey) => number): Coverage {
  const payload = count("payloadBytes");
  return {
    kernel_drops: count("kernelDrops"),
    interface_drops: count("interfaceDrops"),
    truncated_packets: count("truncated"),
    undecoded_packets: count("undecoded"),
    malformed_packets: count("invalid"),
    stream_gap_bytes: count("tcpGapBytes"),
    evicted_flows: count("flowsEvicted"),
    events_dropped: count("eventsDropped"),
    encrypted_share: payload === 0 ? 0 : count("encryptedBytes") / payload,
  };
}
