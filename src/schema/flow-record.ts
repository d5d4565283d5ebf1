/**
 * Layout of a flow record as data: `tools/generate.ts` turns it into the offsets of `flow/record.generated.ts`.
 * `double` fields are indexes into a Float64Array, `word` fields into an Int32Array over the same memory. `…Client` and
 * `…Server` say who sent; the two stand side by side, so that offset + side finds the right one.
 */
export interface RecordField {
  readonly name: string;
  readonly type: "double" | "word";
  readonly count?: number;
  readonly doc: string;
}

const double = (name: string, doc: string): RecordField => ({ name, type: "double", doc });
const word = (name: string, doc: string, count = 1): RecordField => ({ name, type: "word", doc, count });

export const flowRecord: readonly RecordField[] = [
  double("firstTime", "Time of the first packet, µs."),
  double("lastTimeClient", "Time of the client's last packet, µs; 0 before its first."),
  double("lastTimeServer", "The same of the server."),
  double("bytesClient", "Bytes on the wire from the client."),
  double("bytesServer", "Bytes on the wire from the server."),
  double("sizeM2Client", "Sum of squared deviations of the client's packet sizes (Welford's M2), bytes²."),
  double("sizeM2Server", "The same of the server."),
  double("gapMeanClient", "Mean inter-arrival time of the client's packets, µs."),
  double("gapMeanServer", "The same of the server."),
  double("gapM2Client", "Welford's M2 of the client's inter-arrival times, µs²."),
  double("gapM2Server", "The same of the server."),
  double(
    "beatTime",
    "Time of the client's last beat, µs: of a packet behind a silence of its own of a second or more; at first of its first packet.",
  ),
  double("beatMean", "Mean time from beat to beat, µs."),
  double("beatM2", "Welford's M2 of the times from beat to beat, µs²."),
  double("firstNumber", "Capture-wide number of the first packet."),
  word("client", "Client address, four words; IPv4 in the first.", 4),
  word("server", "Server address.", 4),
  word("ports", "Client port << 16 | server port; for ICMP type and code or counterpart."),
  word("vlan", "VLAN column of the first packet."),
  word("tunnel", "Tunnel column of the first packet."),
  word("hash", "Hash of the key."),
  word("flags", "Bits of `RecordFlag`."),
  word("packetsClient", "Packets from the client."),
  word("packetsServer", "Packets from the server."),
  word("beats", "Beats of the client."),
  word("highClient", "Sequence number behind the highest byte that the client sent."),
  word("highServer", "The same of the server."),
  word("holeClient", "Sequence number of the first byte that the client's stream lacks, while its hole bit is set."),
  word("holeServer", "The same of the server."),
  word("isnClient", "Sequence number of the client's SYN, when it was seen."),
  word("isnServer", "The same of the server."),
  word("windowClient", "Window that the client offered last, not scaled | its scale + 1 << 16, 0 there when it is not known."),
  word("windowServer", "The same of the server."),
  word("synTimestamp", "Timestamp of the client's SYN; 0 when it has none."),
  word("tcpFlagsClient", "TCP flags seen from the client, all together."),
  word("tcpFlagsServer", "The same of the server."),
  word("kind", "IP protocol number | application protocol number << 8 | TCP state << 24."),
  word("retransmissions", "Segments with only bytes sent before."),
  word("outOfOrder", "Segments that filled a hole."),
  word("zeroWindows", "Segments that closed the window."),
  word("gapBytes", "Stream bytes that the capture does not hold."),
  word("fragments", "IP fragments."),
  word("bypassedBytes", "Payload bytes that no parser looked at."),
  word(
    "origin",
    "Low 15 bits: application protocol number that the flow began with, when it was handed over; 0 for none. Above: `otherSide`.",
  ),
  word("application", "Number of the application that the flow belongs to; 0 while unknown."),
  word("macs", "Source and destination MAC of the first packet.", 3),
  word("payloadClient", "What the client's first payload looks like, as `samplePayload` tells it; 0 before it."),
  word("payloadServer", "The same of the server."),
  word("generation", "Grows each time that the slot is given to a new flow."),
];

/** Bits of the `flags` word. */
export const RecordFlag = {
  alive: 1,
  ipv6: 1 << 1,
  /** The client's SYN was seen. */
  syn: 1 << 2,
  synAck: 1 << 3,
  /** FIN from the client; from the server one bit up. */
  finClient: 1 << 4,
  finServer: 1 << 5,
  rstClient: 1 << 6,
  rstServer: 1 << 7,
  /** TCP met after its start. */
  midstream: 1 << 8,
  /** `highClient` is valid; for the server one bit up. */
  highClient: 1 << 9,
  highServer: 1 << 10,
  /** The client's stream has a hole at `holeClient`; for the server one bit up. */
  holeClient: 1 << 11,
  holeServer: 1 << 12,
  /** No parser wants this flow's payload any more. */
  bypass: 1 << 13,
  /** What is bypassed is encrypted. */
  encrypted: 1 << 14,
  alerted: 1 << 15,
  /** MAC addresses are valid. */
  macs: 1 << 16,
  /** The handshake is complete, or both sides have sent. */
  established: 1 << 17,
  /** A SYN with another sequence number came while the connection stood: `isnClient` is that of the new one. */
  reopening: 1 << 18,
  /** What is bypassed lies beyond the depth to which streams are read. */
  depth: 1 << 19,
  /** The server has answered the SYN with two different numbers: `holeServer` is the later one, until the client has chosen. */
  twoAnswers: 1 << 20,
  /** A rule has let the rest of the flow go without being looked at. */
  released: 1 << 21,
  /** The client has waited in vain for an answer, and that was told. */
  waited: 1 << 22,
} as const;

/** Why a flow ended, as `flow.reason` tells it. */
export const EndReason = { timeout: 0, fin: 1, rst: 2, shutdown: 3, evicted: 4, reuse: 5 } as const;
export type EndReason = (typeof EndReason)[keyof typeof EndReason];
export const endReasonNames = ["timeout", "fin", "rst", "shutdown", "evicted", "tcp_reuse"] as const;
