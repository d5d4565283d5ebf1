import type { Place } from "#base/place.ts";
import type { Micros } from "#base/time.ts";
import type { ConfigKey, ValueOf } from "#schema/config-key.ts";
import type { Advice, FindingCategory, Severity } from "#schema/finding.ts";
import type { BaselineControl } from "./baseline-control.ts";
import type { Side, Transaction } from "./parser.ts";

/** What every fact has: where it stands in the capture. */
export interface Fact {
  /** Packet number that caused it. */
  number: number;
  time: Micros;
}

/**
 * A fact about a flow, sent from the partitions to the reducer. The reducer sees the facts of all partitions in
 * packet-number order, whatever the number of workers. Objects are reused: read, do not keep.
 */
export interface FlowFact extends Fact {
  flowId: number;
  /** Addresses as text, made on demand: costs something, the hashes do not. */
  readonly client: string;
  readonly server: string;
  /** Where the addresses belong, looked up on demand; `undefined` when it is not known, and without a database. */
  readonly clientPlace?: Place | undefined;
  readonly serverPlace?: Place | undefined;
  /** Hashes of the addresses, for tables. */
  clientHash: number;
  serverHash: number;
  /** True for addresses of `detect.home-networks`. */
  readonly clientInside: boolean;
  readonly serverInside: boolean;
  /** True for addresses of groups: multicast and broadcast. */
  readonly serverIsGroup: boolean;
  /** Ports; for ICMP type and code of the first packet. */
  clientPort: number;
  serverPort: number;
  /** IP protocol number. */
  protocol: number;
  /** Application protocol as in `app_proto`; `undefined` while or when none was found. */
  readonly service: string | undefined;
  /** Time of the first packet. */
  start: Micros;
  packetsToServer: number;
  packetsToClient: number;
  /** On the wire. */
  bytesToServer: number;
  bytesToClient: number;
  /** Population standard deviations of packet sizes, bytes. */
  readonly sizeDeviationToServer: number;
  readonly sizeDeviationToClient: number;
  /** Means and population standard deviations of inter-arrival times, µs. */
  readonly gapMeanToServer: number;
  readonly gapMeanToClient: number;
  readonly gapDeviationToServer: number;
  readonly gapDeviationToClient: number;
  /**
   * What the first payload of 16 bytes or more looks like, of each side: bytes looked at (at most 128, 0 for none), bits of
   * entropy of a byte (0 to 8), and share of text, printable ASCII and ends of lines (0 to 1).
   */
  readonly payloadToServer: number;
  readonly payloadToClient: number;
  readonly payloadBitsToServer: number;
  readonly payloadBitsToClient: number;
  readonly payloadTextToServer: number;
  readonly payloadTextToClient: number;
  /** How often the client spoke again after a second or more of its own silence. */
  readonly beatsToServer: number;
  /** Mean and population standard deviation of the times from beat to beat, the first from the flow's first packet, µs. */
  readonly beatMeanToServer: number;
  readonly beatDeviationToServer: number;
  /** All TCP flags seen of a side, together: FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32. */
  flagsToServer: number;
  flagsToClient: number;
  /** The server answered with data or accepted the connection. */
  answered: boolean;
  /** The handshake is complete, or both sides have sent. */
  established: boolean;
  /** RST of the server to an attempt. */
  refused: boolean;
  /** TCP met after its start. */
  midstream: boolean;
  /** It was told by `onFlowUnanswered`; an answer may have come later. */
  waited: boolean;
  /** Why it ended, as `flow.reason` tells it; `undefined` before its end. */
  readonly reason: string | undefined;
  /** MAC addresses of the first packet; empty when the link has none. */
  readonly clientMac: string;
  readonly serverMac: string;
  /** Outermost VLAN id, 0 for none. */
  vlan: number;
}

/** A message of a flow that somebody's parser has read: what the event of its kind tells, with the flow so far. */
export interface TransactionFact extends FlowFact {
  /**
   * Event kind: dns, http, tls … `opening`, which is no event, has what a side of a TCP flow of no known protocol says: its first
   * 256 bytes as `text`, one character a byte; the whole's length as `txId`. Up to three of a flow.
   */
  readonly kind: string;
  /** Who sent it. */
  side: Side;
  txId: number;
  /** The event's object of that name. Belongs to all: read only. */
  readonly fields: Readonly<Transaction>;
  /** A further object of the event (`email` beside `smtp`). */
  member(name: string): Readonly<Transaction> | undefined;
}

/** A packet of a flow, with the flow so far. Costs every packet something: for detectors that are off by default. */
export interface PacketFact extends FlowFact {
  side: Side;
  /** On the wire. */
  packetBytes: number;
}

/** ARP (RFC 826), router and neighbour advertisements (RFC 4861): who claims which address. */
export interface NeighbourFact extends Fact {
  readonly message: "arp-request" | "arp-reply" | "router-advertisement" | "neighbour-advertisement";
  /** Address that the sender claims (or the router's own). */
  readonly sender: string;
  /** MAC address that it claims for it. */
  readonly senderMac: string;
  /** Address that is asked for; empty for advertisements. */
  readonly target: string;
  /** The frame's source. */
  readonly etherMac: string;
  /** For tables. */
  senderHash: number;
  targetHash: number;
  vlan: number;
}

/** A rule has matched, and the alert is told. */
export interface AlertFact extends Fact {
  flowId: number;
  readonly source: string;
  readonly target: string;
  /** The event's `alert` object. */
  readonly fields: Readonly<Transaction>;
}

/** A measured reason of a finding. */
export interface Reason {
  readonly feature: string;
  readonly value: number | string;
  /** What it was compared with. */
  readonly threshold?: number;
  /** How many observations it rests on. */
  readonly sample?: number;
}

/** What a detector says: becomes a `finding` event. */
export interface Finding {
  readonly time: Micros;
  readonly number: number;
  readonly flowId?: number;
  /** Who is accused, or whom it is about. */
  readonly source?: string;
  readonly target?: string;
  /** One line for people, with numbers. */
  readonly title: string;
  /** Where one detector finds several kinds; else the detector's. */
  readonly category?: FindingCategory;
  readonly severity: Severity;
  /** How far it stands out, 0 to 1. */
  readonly score: number;
  /** How sure the detector is that it is what the title says, 0 to 1; by default the score. */
  readonly confidence?: number;
  /** Each reason: what was measured, against what, on how many samples. */
  readonly why: readonly Reason[];
  /** MITRE ATT&CK; else the detector's. */
  readonly techniques?: readonly string[];
  /**
   * What makes two findings of a detector the same: repeated within the cool-down they are one. By default its source
   * and target.
   */
  readonly cause?: string;
}

/** A finding of another detector that was told: the allow-list and the cool-down have let it pass. */
export interface ToldFinding {
  readonly id: string;
  readonly detector: string;
  readonly category: FindingCategory;
  readonly time: Micros;
  readonly number: number;
  readonly source: string | undefined;
  readonly target: string | undefined;
  readonly title: string;
  readonly severity: Severity;
  readonly confidence: number;
  /** How often its cause was seen so far. */
  readonly signs: number;
  /** As in the event: numbers have at most six significant digits. */
  readonly why: readonly Reason[];
  readonly techniques: readonly string[];
}

/** Where a finding about a flow stands, and its ends: the client is the source. */
export const placeOf = ({
  time,
  number,
  flowId,
  client,
  server,
}: FlowFact): Pick<Finding, "time" | "number" | "flowId" | "source" | "target"> => ({
  time,
  number,
  flowId,
  source: client,
  target: server,
});

export type DetectorSettings = Readonly<Record<string, ConfigKey>>;
/** Values of a detector's settings, by their names. */
export type SettingValues<S extends DetectorSettings> = { readonly [K in keyof S]: ValueOf<S[K]> };

/** What a detector is made with. */
export interface DetectorContext<S extends DetectorSettings = DetectorSettings> {
  /** May be called during any of the detector's methods. */
  readonly report: (finding: Finding) => void;
  readonly settings: SettingValues<S>;
  /** Seed of everything random. */
  readonly seed: number;
  /** What `save` returned at the end of an earlier run with the same store; `undefined` at first and for file runs. */
  readonly saved: unknown;
  /** Reads a file that a setting names, at the start; throws ODW_FILE_MISSING. Absent where there are no files. */
  readonly readFile?: ((path: string) => Uint8Array) | undefined;
}

export interface Detector {
  /** A flow's first packet: whose it is, `packetsToServer` or `packetsToClient` says. */
  onFlow?(fact: FlowFact): void;
  /** A flow's handshake is complete (TCP), or both sides have sent. Told once. */
  onFlowEstablished?(fact: FlowFact): void;
  /**
   * A flow's client has had no answer for 4 s from its first packet, or a refusal. Told at most once, and not of all where
   * more begin than can be waited for: its end tells the rest.
   */
  onFlowUnanswered?(fact: FlowFact): void;
  /** A side of a flow has sent 64, 128, 256, 512, 1024, 2048, 3072 … packets. */
  onFlowUpdate?(fact: FlowFact): void;
  onPacket?(fact: PacketFact): void;
  /** A flow has ended. */
  onFlowEnd?(fact: FlowFact): void;
  /** A message of a kind that the definition reads. */
  onTransaction?(fact: TransactionFact): void;
  onNeighbour?(fact: NeighbourFact): void;
  onAlert?(fact: AlertFact): void;
  /** Another detector's finding was told. */
  onFinding?(told: ToldFinding): void;
  /** The allow-list was changed: what it covers now is no longer to be held against anybody. */
  onAllow?(covers: (detector: string, accused: { readonly source?: string; readonly target?: string }) => boolean): void;
  /** Packet time moved; called at block boundaries. */
  onTick?(time: Micros): void;
  /** The run is over: what is left may be reported. */
  onEnd?(time: Micros): void;
  /** What it has learnt, as JSON, for the next run. */
  save?(): unknown;
  /** What it has learnt of the network, where people may see and forget it. */
  readonly learnt?: BaselineControl;
}

export interface DetectorDefinition<S extends DetectorSettings = DetectorSettings> {
  readonly name: string;
  readonly summary: string;
  /** For whoever reads what it has found. */
  readonly advice?: Advice;
  readonly category: FindingCategory;
  /** MITRE ATT&CK techniques that it finds. */
  readonly techniques?: readonly string[];
  /** Off unless the configuration says otherwise: `false`. */
  readonly isOn?: boolean;
  /** Event kinds whose messages it reads. */
  readonly reads?: readonly string[];
  /** Its keys of the configuration, without its name. */
  readonly settings?: S;
  create(context: DetectorContext<S>): Detector;
}

/** Keeps the types of the settings for `create`. */
export const defineDetector = <const S extends DetectorSettings>(definition: DetectorDefinition<S>): DetectorDefinition => definition;
