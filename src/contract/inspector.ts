import type { RuleWord } from "#schema/rule-word.ts";
import type { Side, Transaction } from "./parser.ts";
import type { Platform } from "./platform.ts";
import type { FrameBlock } from "./source.ts";

/**
 * The decoded batch as inspectors read it: one typed array for each fact, one row for each packet, offsets into the
 * block's memory, innermost headers. `flow/columns.ts` explains each.
 */
export interface PacketRows {
  readonly frame: Int32Array;
  readonly verdict: Uint16Array;
  readonly ipVersion: Uint8Array;
  readonly protocol: Uint8Array;
  readonly l3: Int32Array;
  /** -1 when there is no transport header. */
  readonly l4: Int32Array;
  readonly ether: Int32Array;
  readonly source0: Int32Array;
  readonly source1: Int32Array;
  readonly source2: Int32Array;
  readonly source3: Int32Array;
  readonly target0: Int32Array;
  readonly target1: Int32Array;
  readonly target2: Int32Array;
  readonly target3: Int32Array;
  /** ICMP: type in `sourcePort`, code in `targetPort`. */
  readonly sourcePort: Uint16Array;
  readonly targetPort: Uint16Array;
  readonly payload: Int32Array;
  readonly payloadBytes: Int32Array;
  readonly payloadWireBytes: Int32Array;
  readonly tcpSeq: Int32Array;
  readonly tcpAck: Int32Array;
  readonly tcpFlags: Uint8Array;
  readonly tcpWindow: Uint16Array;
  readonly vlan: Int32Array;
  readonly fragment: Uint8Array;
  readonly flags: Uint8Array;
}

/** Limits and failures of inspectors that are counted (`schema/metrics.ts`). */
export type InspectionTrouble = "alertsLeftOut" | "rulesBenched" | "streamsUnseen";

/** What an inspector may ask about a flow that is alive, by slot. Cheap, allocates nothing. */
export interface FlowLookup {
  /** Number of the partition. */
  readonly id: number;
  /** Packet being read (capture-wide number from 1), and its time, µs. At ticks, the block's last packet. */
  readonly number: number;
  readonly time: number;
  /** True while flows end by the clock and not by a packet. */
  readonly ticking: boolean;
  /** Slots that there are. */
  readonly slots: number;
  /** Addresses of flow `slot`: client at `addressAt(slot)`, server four words behind; IPv4 in the first word. */
  readonly addressWords: Int32Array;
  addressAt(slot: number): number;
  isIpv6(slot: number): boolean;
  /** IP protocol number. */
  transportOf(slot: number): number;
  clientPort(slot: number): number;
  serverPort(slot: number): number;
  /** Both sides have agreed: the TCP handshake is complete, or both have sent. */
  isEstablished(slot: number): boolean;
  /** TCP that was met after its start. */
  isMidstream(slot: number): boolean;
  /** Application protocol; `undefined` while undecided and for unknown ones. */
  protocolOf(slot: number): string | undefined;
  /** Protocol that the flow began with, when it was handed over. */
  originOf(slot: number): string | undefined;
  /** True when it is certain that no application protocol will be found. */
  isUnknown(slot: number): boolean;
  packets(slot: number, side: Side): number;
  /** Bytes on the wire. */
  bytes(slot: number, side: Side): number;
  /** Time of the first packet, µs. */
  startOf(slot: number): number;
  /** Counts what inspectors could not do. */
  tally(trouble: InspectionTrouble): void;
  /** The rest of the flow is of no interest: a rule says so, and `flow.state` tells it. */
  release(slot: number): void;
  /** Bytes of the TCP stream that one side has sent so far, by its sequence numbers; 0 without them. */
  streamBytes(slot: number, side: Side): number;
}

/** What a match becomes. */
export interface Alert {
  /** Slot of the flow, -1 for a packet without one: then `packet` tells what is known of it. */
  readonly slot: number;
  readonly packet?: {
    readonly src_ip?: string;
    readonly src_port?: number;
    readonly dest_ip?: string;
    readonly dest_port?: number;
    readonly proto?: string;
  };
  /** Whose packet or message it is: its sender is the event's source. */
  readonly side: Side;
  /** Transaction that matched, -1 for none. */
  readonly txId: number;
  /** The `alert` object, JSON-ready. */
  readonly alert: Transaction;
  /** Further members of the event: the transaction's own object, `payload`, `matches` … */
  readonly members?: { readonly [member: string]: unknown };
  /**
   * Number of the rule for the gate, when thresholds or bits of hosts decide: then it goes through the reducer. -1
   * when the alert is told as it stands.
   */
  readonly gate: number;
  /** True when nothing is told, because the rule only has effects that the gate brings about. */
  readonly silent?: boolean;
}

/** Where an inspector's alerts go; time and number are those of the packet being read. */
export type AlertTaker = (alert: Alert) => void;

/**
 * Where packets go that rules may have tagged: the one being read, row `row` of `rows`, belongs to flow `slot`. Its flow
 * is tagged: `tell`. Only the gate knows whether a host of it is: `ask`; it has been told, and the gate has to hear of it
 * all the same: `count`.
 */
export type TaggedTaker = (
  slot: number,
  side: Side,
  block: FrameBlock,
  rows: PacketRows,
  row: number,
  answer: "tell" | "ask" | "count",
) => void;

/**
 * Takes what a parser gives for rules to look at. One for each stream that a parser reads. All values are copied, and
 * are judged when the packet has been read.
 */
export interface RuleTap {
  /** True when some rule looks at the word: values of others need not be made. */
  wants(word: string): boolean;
  /** `bytes[from..to)` are the value of the word in transaction `txId`; with words that have several, one more. */
  value(word: string, side: Side, txId: number, bytes: Uint8Array, from: number, to: number): void;
  /** The same for a word that is a number. */
  number(word: string, side: Side, txId: number, value: number): void;
  /**
   * A piece of the stream that rules judge by itself (`frame:mqtt.pdu`): `bytes[from..to)` of `length` bytes, of which
   * the rest is not there. It belongs to no transaction.
   */
  frame(word: string, side: Side, bytes: Uint8Array, from: number, to: number, length: number): void;
  /**
   * The side's message is complete as far as rules want to see it now; later values of the same transaction are judged
   * anew. `members` makes the members that tell the transaction so far (`{ http: {…} }`), when an alert needs them.
   */
  judge(side: Side, txId: number, members?: () => { readonly [member: string]: Transaction }): void;
  /** True when a rule wants the file kept whose values have just been given (`filestore`); absent when none ever does. */
  stores?(side: Side, txId: number): boolean;
}

/** The tap with what the flow layer itself puts into it. */
export interface StreamInspection extends RuleTap {
  /** An event of the stream's parser, as it is told. */
  transaction(
    kind: string,
    side: Side,
    txId: number,
    fields: Transaction,
    beside: { readonly [member: string]: Transaction } | undefined,
  ): void;
  /** The parser complained: `event` is the name without its prefix. */
  event(event: string, side: Side, txId: number | undefined): void;
  /** The parser has ended. */
  end(): void;
}

/** Judges what goes through one partition. Calls come in capture order; nothing that is borrowed is kept. */
export interface Inspector {
  /** True when some rule looks at TCP's bytes in order: otherwise `stream` is not called. */
  readonly readsStreams: boolean;
  /** True when rules choose which files are extracted: then those that no rule wants are not kept. */
  readonly choosesFiles?: boolean;
  /** A flow begins with the packet being read; that packet itself comes with the next `packet`. */
  flowStart?(slot: number): void;
  /** A parser of `protocol` begins to read a stream of the flow; `undefined` when no rule looks at its messages. */
  open(slot: number, protocol: string): StreamInspection | undefined;
  /** `bytes[from..to)` are the next of a side's TCP stream. Borrowed until `packet` has returned. */
  stream(slot: number, side: Side, bytes: Uint8Array, from: number, to: number): void;
  /** Bytes of the stream that are missing. */
  gap(slot: number, side: Side, bytes: number): void;
  /** The decoder or the stream reassembly complained about the packet: `decoder.ipv4.trunc_pkt`, `stream.est_invalid_ack`. */
  event(slot: number, side: Side, layer: "decode" | "stream", event: string): void;
  /**
   * A packet has been read, and parsers have seen what it carried: all that came since the last call is judged. `slot`
   * is -1 when it has no flow. `whole`: it is no fragment (or was put together), so that its payload can be read.
   */
  packet(block: FrameBlock, rows: PacketRows, row: number, slot: number, side: Side, whole: boolean, inStream: boolean): void;
  /** The flow ends; what came since its last packet is judged. Its slot is free afterwards. */
  flowEnd(slot: number): void;
  /** Rules of now on; what was remembered for the old ones is forgotten where it does not fit. Called between blocks. */
  use(rules: LoadedRules): void;
}

/** Rules as a thread holds them, shared by its partitions. Opaque to all but the inspector that loaded them. */
export interface LoadedRules {
  /** What was loaded: told in `stats`, by the API and by `oddwire rules`. */
  readonly report: RuleReport;
}

export interface RuleReport {
  readonly loaded: number;
  readonly rejected: readonly {
    readonly file: string;
    readonly line: number;
    readonly column: number;
    readonly sid?: number;
    readonly kind: string;
    readonly cause: string;
    readonly mend: string;
  }[];
  readonly memoryBytes: number;
}

/** Texts that rules are made of, read by the composition root: the same for all threads. */
export interface RuleMaterial {
  readonly files: readonly { readonly name: string; readonly text: string }[];
  /** Address and port groups by name, without the dollar sign. */
  readonly variables: { readonly addresses: Readonly<Record<string, string>>; readonly ports: Readonly<Record<string, string>> };
  /** Text of classification.config, reference.config and threshold.config. */
  readonly classification?: string;
  readonly references?: string;
  readonly thresholds?: string;
  /** Lists of reputations of addresses, and the text of the list of their categories. */
  readonly reputation?: { readonly categories: string; readonly files: readonly { readonly name: string; readonly text: string }[] };
  /** Files that rules name (datasets, lists of reputed values), by the name that they use. */
  readonly lists: Readonly<Record<string, string>>;
  /** Text of the keyword list and where it stands. */
  readonly keywords?: readonly { readonly name: string; readonly text: string }[];
  /** Indicator lists, each with its format. */
  readonly indicators?: readonly { readonly name: string; readonly text: string }[];
}

/** Ports of what has matched; 0 where there are none. */
export interface MatchPorts {
  readonly source: number;
  readonly target: number;
}

/** What decides over alerts that depend on more than their own flow. Runs in the reducer, in capture order. */
export interface AlertGate {
  /** True when the alert is told. `rule` is `Alert.gate`; addresses are texts, `ports` the sender's and the receiver's. */
  admit(rule: number, time: number, source: string, target: string, flowId: number, ports: MatchPorts): boolean;
  /** True when a packet of so many captured bytes is told, because one of its hosts is tagged. Behind its alerts. */
  admitPacket?(time: number, source: string, target: string, bytes: number): boolean;
  use(rules: LoadedRules): void;
}

export interface InspectorOptions {
  readonly material: RuleMaterial;
  readonly words: readonly RuleWord[];
  readonly platform: Platform;
  readonly config: Readonly<Record<string, unknown>>;
  /** True where only gates will be made of it: what they do not need may be left out. */
  readonly forGates?: boolean;
}

/** A plugin's inspector: rules are loaded once a thread, and judged by one instance for each partition. */
export interface InspectorDefinition {
  readonly name: string;
  /** False when the material holds nothing for it: then it costs nothing. */
  isWanted(material: RuleMaterial): boolean;
  load(options: InspectorOptions): LoadedRules;
  /**
   * The same in steps of a few milliseconds each: a thread that captures loads new rules between its blocks. Without it,
   * loading is one step, and the ring must hold what comes meanwhile.
   */
  loadInSteps?(options: InspectorOptions): Generator<undefined, LoadedRules>;
  create(rules: LoadedRules, flows: FlowLookup, alert: AlertTaker, tagged: TaggedTaker): Inspector;
  createGate(rules: LoadedRules): AlertGate;
}
