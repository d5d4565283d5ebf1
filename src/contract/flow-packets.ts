/** Whose packets are meant. */
export interface PacketsQuestion {
  readonly src_ip: string;
  readonly src_port?: number | undefined;
  readonly dest_ip: string;
  readonly dest_port?: number | undefined;
  /** As in events: `TCP`, `UDP` … */
  readonly proto: string;
  /** First and last packet, microseconds since 1970. */
  readonly from: number;
  readonly to: number;
}

/** The packets that were kept, by a recording or with a capture that was given. */
export interface FlowPackets {
  /** True when files of that time are there; whether they hold the flow only reading tells. */
  has(from: number, to: number): boolean;
  /** The flow's packets as a pcap file; `undefined` when no file is of that time. Throws ODW_BUSY when too many are read already. */
  read(question: PacketsQuestion): AsyncIterable<Uint8Array> | undefined;
}
