/** A flow that is going on, as the live views show it. */
export interface LiveFlow {
  readonly flow_id: number;
  readonly start: number;
  readonly last: number;
  readonly src_ip: string;
  readonly src_port: number;
  readonly dest_ip: string;
  readonly dest_port: number;
  readonly proto: string;
  readonly app_proto: string | undefined;
  /** Host name from SNI, Host header or DNS when one is known. */
  readonly host: string | undefined;
  readonly pkts_toserver: number;
  readonly pkts_toclient: number;
  readonly bytes_toserver: number;
  readonly bytes_toclient: number;
  readonly state: string;
  /** Where the addresses belong, by the user's database. */
  readonly src_country?: string;
  readonly src_asn?: number;
  readonly src_as_org?: string;
  readonly dest_country?: string;
  readonly dest_asn?: number;
  readonly dest_as_org?: string;
}

export interface Talker {
  readonly address: string;
  /** In the last interval. */
  readonly packets: number;
  readonly bytes: number;
  /** Where the address belongs, by the user's database. */
  readonly country?: string;
  readonly asn?: number;
  readonly as_org?: string;
}

export interface ProtocolShare {
  /** `dns`, `tls` … or the transport's name when no application protocol is known. */
  readonly name: string;
  /** In the last interval. */
  readonly packets: number;
  readonly bytes: number;
}

/** What could not be seen, counted since the start; stands in the header of every view. */
export interface Coverage {
  readonly kernel_drops: number;
  readonly interface_drops: number;
  readonly truncated_packets: number;
  readonly undecoded_packets: number;
  readonly malformed_packets: number;
  readonly stream_gap_bytes: number;
  readonly evicted_flows: number;
  readonly events_dropped: number;
  /** Payload bytes of flows that are encrypted / all payload bytes, 0 to 1. */
  readonly encrypted_share: number;
}

/** The engine at one moment; made once a second while it runs. Rates are over the last interval. */
export interface LiveSummary {
  /** Grows by one with each summary. */
  readonly sequence: number;
  /** Capture clock, microseconds. */
  readonly time: number;
  readonly source: { readonly name: string; readonly kind: "file" | "live" | "scenario"; readonly finished: boolean };
  /** Length of the interval, seconds of packet time. */
  readonly interval: number;
  readonly packets_per_second: number;
  readonly bits_per_second: number;
  readonly events_per_second: number;
  readonly live_flows: number;
  readonly coverage: Coverage;
  readonly protocols: readonly ProtocolShare[];
  readonly talkers: readonly Talker[];
  /** The most recently active flows, at most 200. */
  readonly flows: readonly LiveFlow[];
  /** All counters by dotted name (`decoder.pkts`), totals since the start. */
  readonly counters: { readonly [name: string]: number };
}
