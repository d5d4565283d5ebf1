import type { Micros } from "#base/time.ts";

/**
 * A fact about a flow, sent from the partitions to the reducer. The reducer sees the facts of all partitions in
 * packet-number order, whatever the number of workers. Objects are reused: read, do not keep.
 */
export interface FlowFact {
  /** Packet number that caused it. */
  number: number;
  time: Micros;
  flowId: number;
  /** Addresses as text, made on demand. */
  readonly client: string;
  readonly server: string;
  /** Hashes of the addresses, for tables: much cheaper than the texts. */
  clientHash: number;
  serverHash: number;
  clientPort: number;
  serverPort: number;
  /** IP protocol number. */
  protocol: number;
  packetsToServer: number;
  packetsToClient: number;
  bytesToServer: number;
  bytesToClient: number;
  /** True when the server answered with data or accepted the connection. */
  answered: boolean;
  /** True when the server refused (RST to a SYN, ICMP unreachable). */
  refused: boolean;
}

/** What a detector says: becomes a `finding` event. */
export interface Finding {
  readonly time: Micros;
  readonly number: number;
  readonly flowId?: number;
  readonly source?: string;
  readonly target?: string;
  readonly title: string;
  readonly severity: "info" | "low" | "medium" | "high" | "critical";
  /** 0 to 1. */
  readonly score: number;
  /** Each reason: what was measured, against what, on how many samples. */
  readonly why: readonly {
    readonly feature: string;
    readonly value: number | string;
    readonly threshold?: number;
    readonly sample?: number;
  }[];
  readonly techniques?: readonly string[];
}

export interface Detector {
  /** A flow's first packet. */
  onFlow?(fact: FlowFact): void;
  /** A flow has ended. */
  onFlowEnd?(fact: FlowFact): void;
  /** Packet time moved; called at block boundaries. */
  onTick?(time: Micros): void;
}

export interface DetectorDefinition {
  readonly name: string;
  readonly summary: string;
  /** `report` may be called during any of the detector's methods. */
  create(report: (finding: Finding) => void): Detector;
}
