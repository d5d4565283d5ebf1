/**
 * Every counter of the engine: its place in the counter array, its dotted name in `stats` events (Suricata's name
 * where it has one) and its meaning. Prometheus names derive from the dotted ones.
 */
export interface Metric {
  readonly name: string;
  readonly doc: string;
}

const counter = (name: string, doc: string): Metric => ({ name, doc });

const table = {
  packets: counter("decoder.pkts", "Frames read."),
  bytes: counter("decoder.bytes", "Bytes of frames on the wire."),
  invalid: counter("decoder.invalid", "Frames that break a header's rules."),
  ipv4: counter("decoder.ipv4", "IPv4 packets (innermost)."),
  ipv6: counter("decoder.ipv6", "IPv6 packets (innermost)."),
  arp: counter("decoder.arp", "ARP packets."),
  ethernet: counter("decoder.ethernet", "Ethernet frames."),
  tcp: counter("decoder.tcp", "TCP segments."),
  udp: counter("decoder.udp", "UDP datagrams."),
  icmpv4: counter("decoder.icmpv4", "ICMP messages."),
  icmpv6: counter("decoder.icmpv6", "ICMPv6 messages."),
  sctp: counter("decoder.sctp", "SCTP packets."),
  vlan: counter("decoder.vlan", "Frames with one VLAN tag."),
  tunnelled: counter("decoder.tunnelled", "Packets inside a tunnel."),
  fragments: counter("decoder.fragments", "IP fragments."),
  fragments4: counter("defrag.ipv4.fragments", "IPv4 fragments."),
  reassembled4: counter("defrag.ipv4.reassembled", "IPv4 packets put together from fragments."),
  fragments6: counter("defrag.ipv6.fragments", "IPv6 fragments."),
  reassembled6: counter("defrag.ipv6.reassembled", "IPv6 packets put together from fragments."),
  fragmentsIgnored: counter("defrag.fragments_ignored", "Fragments beyond those that one packet may have."),
  datagramsTimedOut: counter("defrag.timed_out", "Packets whose fragments did not all arrive in time."),
  datagramsEvicted: counter("defrag.evicted", "Packets given up unfinished because too many were waiting."),
  undecoded: counter("decoder.unknown_ethertype", "Frames of a link type or EtherType that is not decoded."),
  truncated: counter("decoder.truncated", "Frames cut by the snap length."),
  badChecksum: counter("decoder.bad_checksum", "Packets with a wrong checksum."),
  duplicates: counter("capture.duplicates", "Frames seen twice."),
  kernelDrops: counter("capture.kernel_drops", "Frames that the kernel dropped."),
  interfaceDrops: counter("capture.interface_drops", "Frames that the interface lost before they could be captured."),
  clockBackwards: counter("capture.clock_backwards", "Frames older than the one before."),
  merged: counter("capture.merged", "Super-packets merged by the receiving kernel."),
  recorded: counter("capture.recorded", "Frames written to the recording."),
  recordBehind: counter("capture.record_drops_behind", "Frames not recorded, because the disk was slower than the capture."),
  recordFailed: counter("capture.record_drops_failed", "Frames not recorded, because the files could not be written."),
  flowsTotal: counter("flow.total", "Flows created."),
  flowsActive: counter("flow.active", "Flows alive."),
  flowsEvicted: counter("flow.evicted", "Flows ended early because the table was full."),
  flowsTcp: counter("flow.tcp", "TCP flows created."),
  flowsUdp: counter("flow.udp", "UDP flows created."),
  flowsIcmp: counter("flow.icmp", "ICMP flows created."),
  tcpSessions: counter("tcp.sessions", "TCP flows opened by a SYN."),
  tcpMidstream: counter("tcp.midstream_pickups", "TCP flows met after their start."),
  tcpGaps: counter("tcp.reassembly_gap", "Gaps in TCP streams."),
  tcpGapBytes: counter("tcp.gap_bytes", "Bytes of TCP streams that the capture does not hold."),
  tcpOutOfOrder: counter("tcp.out_of_order", "Segments ahead of their predecessors."),
  tcpRetransmissions: counter("tcp.retransmissions", "Segments that carried only bytes sent before."),
  tcpOverlaps: counter("tcp.overlap_diff_data", "Segments whose bytes are not those that came first in their place."),
  tcpUrgent: counter("tcp.urgent_oob_data", "Urgent bytes that were left out of streams."),
  tcpEvents: counter("tcp.events", "Segments that do not fit the state of their connection, and gaps; for their names see `anomaly`."),
  tcpDepthReached: counter("tcp.stream_depth_reached", "Streams that were read no further, because of their length."),
  tcpBufferDropped: counter("tcp.segment_memcap_drop", "Out-of-order bytes thrown away because the arena was full."),
  payloadBytes: counter("app_layer.payload_bytes", "Payload bytes of TCP and UDP."),
  encryptedBytes: counter("app_layer.encrypted_bytes", "Payload bytes of flows known to be encrypted."),
  bypassedBytes: counter("app_layer.bypassed_bytes", "Payload bytes that no parser looked at, because it had finished."),
  parserFailures: counter("app_layer.parser_failures", "Flows whose parser gave up on broken bytes."),
  parserBugs: counter("app_layer.parser_bugs", "Exceptions inside a parser, caught at the fence."),
  transactions: counter("app_layer.transactions", "Transactions told by parsers."),
  alerts: counter("detect.alert", "Matches of rules, before thresholds."),
  alertsSuppressed: counter(
    "detect.alerts_suppressed",
    "Matches of rules that thresholds, suppressions or bits of hosts kept from being told.",
  ),
  findingsAllowed: counter("detect.findings_allowed", "Signs that `detect.allow` kept from being told."),
  findingsRepeated: counter("detect.findings_repeated", "Signs that were counted to a finding that stands."),
  alertsLeftOut: counter("detect.alert_queue_overflow", "Matches beyond those that one packet may have."),
  rulesLoaded: counter("detect.rules_loaded", "Rules, keywords and indicators that are judged."),
  rulesFailed: counter("detect.rules_failed", "Rules, keywords and indicators that were rejected."),
  rulesBenched: counter("detect.rules_benched", "Rules that are judged no more, because judging them failed."),
  streamsUnseen: counter(
    "detect.streams_unseen",
    "Pieces of streams that rules did not look at, because there was no memory left for more.",
  ),
  events: counter("output.events", "Events written."),
  eventsDropped: counter("output.events_dropped", "Events thrown away because a queue was full."),
  anomaliesSuppressed: counter("output.anomalies_suppressed", "Anomaly events beyond the limit, only counted."),
  vlanQinq: counter("decoder.vlan_qinq", "Frames with two or more VLAN tags."),
} as const;

export type MetricKey = keyof typeof table;
export const metricKeys = Object.keys(table) as MetricKey[];
export const metrics: Readonly<Record<MetricKey, Metric>> = table;

/** Place of each counter in the array that `newCounters` makes: `counters[M.packets]`. */
export const M = Object.fromEntries(metricKeys.map((key, index) => [key, index])) as Readonly<Record<MetricKey, number>>;
export const newCounters = (): Float64Array => new Float64Array(metricKeys.length);

/** Counters by dotted name, flat. */
export function namedCounters(counters: Float64Array): { [name: string]: number } {
  return Object.fromEntries(metricKeys.map((key, index) => [metrics[key].name, counters[index] as number]));
}

/** Counters nested as EVE's `stats` has them. */
export interface Nested {
  [name: string]: number | Nested;
}

export function nestedCounters(counters: Float64Array): Nested {
  const nested: Nested = {};
  for (const [name, value] of Object.entries(namedCounters(counters))) {
    const steps = name.split(".");
    const last = steps.pop() as string;
    let members = nested;
    for (const step of steps) {
      const inner = members[step];
      const next: Nested = typeof inner === "object" ? inner : {};
      members[step] = next;
      members = next;
    }
    members[last] = value;
  }
  return nested;
}
