/** What an interval of five minutes, or however long it is, holds. */
export interface BaselineValues {
  readonly bytes: number;
  readonly packets: number;
  readonly connections: number;
  readonly peers: number;
  readonly failures: number;
}

/** What is known of one thing: a host, a service, a network, a port, a protocol or the whole capture. */
export interface BaselineRow {
  readonly scope: "service" | "host" | "network" | "port" | "protocol" | "interface";
  readonly name: string;
  /** When it was first seen, microseconds since 1970. */
  readonly since: number;
  /** Intervals that were looked at, and those in which it had traffic. */
  readonly intervals: number;
  readonly active: number;
  /** True when the running hour is known of two days; otherwise what is usual is that of the busiest hour. */
  readonly seasonal: boolean;
  /** What an active interval of the running hour should hold; absent when nothing is known yet. */
  readonly usual?: BaselineValues;
  /** What the last interval held. */
  readonly last: BaselineValues;
  /** Usual mean size of packets, bytes, and mean time between those of a flow, microseconds. */
  readonly packet_bytes: number;
  readonly gap_us: number;
  /** Usual entropy of the first bytes of its flows, bits of a byte (0 to 8); 0 when none were seen. */
  readonly payload_bits: number;
  /** Share of intervals with traffic for each hour of a weekday, then of the weekend (UTC); where one thing is asked for. */
  readonly hours?: readonly number[];
}

export interface BaselinesAnswer {
  /** Length of the intervals, minutes; 0 where nobody learns. */
  readonly interval_min: number;
  /** When learning began, microseconds since 1970; absent before the first packet. */
  readonly since?: number;
  /** False while is only learnt. */
  readonly ready: boolean;
  /** Findings that the limit of a day has held back. */
  readonly held_back: number;
  /** How many there are, of which some are told. */
  readonly count: number;
  readonly baselines: readonly BaselineRow[];
}

export interface BaselineReset {
  /** Things of which everything was forgotten. */
  readonly forgotten: number;
}

/** Which baselines are wanted. */
export interface BaselineQuestion {
  readonly scope?: string | undefined;
  /** An address, `address port` of a service, or a name. */
  readonly name?: string | undefined;
  readonly limit: number;
}
