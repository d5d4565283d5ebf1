import { ByteView } from "#base/bytes.ts";
import type { Inspector } from "#contract/inspector.ts";
import type { Expectation, Side, Transaction } from "#contract/parser.ts";
import type { Platform } from "#contract/platform.ts";
import type { FrameBlock } from "#contract/source.ts";
import type { Config } from "#schema/config.ts";
import { RecordFlag } from "#schema/flow-record.ts";
import { M } from "#schema/metrics.ts";
import type { OverlapPolicy } from "#schema/overlap-policy.ts";
import * as tcp from "#wire/tcp.ts";
import { findOption, TcpOption } from "#wire/tcp-options.ts";
import { type PacketColumns, PacketFlag } from "./columns.ts";
import { Depths } from "./depths.ts";
import { Expectations } from "./expectations.ts";
import { FileRules } from "./file-rules.ts";
import { FlowStream, type SegmentHost } from "./flow-stream.ts";
import { FlowTable } from "./flow-table.ts";
import { PARTITIONS } from "./key.ts";
import { originOf, withOtherSide } from "./origin.ts";
import type { Beside } from "./partition-listener.ts";
import { sampleBytesMin, samplePayload } from "./payload-sample.ts";
import { type ProtocolFinder, probeDatagramsMax, UNDECIDED, UNKNOWN } from "./protocol-finder.ts";
import { RecentSegments } from "./recent-segments.ts";
import * as R from "./record.generated.ts";
import { type SegmentRule, segmentRule } from "./segment-rule.ts";
import { StreamEvent, StreamEvents, streamEventName } from "./stream-event.ts";
import { type HeldBytes, StreamSide } from "./stream-side.ts";
import { EVENT_MASK, IGNORED, isUnusual, judge, outOfWindow, REOPENED } from "./tcp-check.ts";
import { isBehind, isStale, raiseHigh, reopen } from "./tcp-sequence.ts";
import { TcpFlag, TcpState } from "./tcp-state.ts";
import { answered, TCP, Track, trackTcp, UDP } from "./track.ts";

/** Protocols in which clients speak first. */
const clientFirst = ["http", "tls", "modbus"];

/** Spare room over the fair share, because a hash spreads address pairs unevenly. */
const capacitySlack = 1.05;

/**
 * What a partition does with a packet whose flow is known: TCP is judged, followed and put in order, datagrams are
 * handed on, and parsers read what comes of it. Keeps the streams of the partition's flows.
 */
export abstract class TransportStage implements SegmentHost {
  readonly table: FlowTable;
  readonly finder: ProtocolFinder;
  readonly platform: Platform;
  readonly files: FileRules;
  readonly held: HeldBytes;
  readonly window = new ByteView();
  readonly noSide = new StreamSide();
  readonly flowBytesMax: number;
  readonly segmentRule: SegmentRule;
  readonly depths: Depths;
  /** Time of the packet being read, µs; at ticks, the capture clock. */
  time = 0;
  /** True while a packet is read that was put together from fragments. */
  assembled = false;
  /** Largest time seen, µs. */
  clock = 0;
  /** Set once, before the first packet. */
  inspector: Inspector | undefined = undefined;
  /** True when the present packet's payload was put into its stream. */
  protected inStream = false;
  protected readonly streams: (FlowStream | undefined)[] = [];
  protected readonly events: StreamEvents;
  protected readonly recent = new RecentSegments();
  readonly #counters: Float64Array;
  readonly #expectations = new Expectations();
  readonly #urgentInline: boolean;
  readonly #clientFirst: ReadonlySet<number>;
  readonly #releasesEncrypted: boolean;
  readonly #isStrict: boolean;

  constructor(config: Config, finder: ProtocolFinder, platform: Platform, counters: Float64Array) {
    this.table = new FlowTable(Math.ceil((config["flow.flows-max"] / PARTITIONS) * capacitySlack), config["engine.seed"]);
    this.finder = finder;
    this.platform = platform;
    this.files = new FileRules(config, platform, PARTITIONS);
    this.held = { used: 0, max: Math.floor(config["stream.reassembly-bytes-max"] / PARTITIONS) };
    this.flowBytesMax = config["stream.flow-bytes-max"];
    this.segmentRule = segmentRule(config["stream.policy"] as OverlapPolicy);
    this.depths = new Depths(config, finder);
    this.events = new StreamEvents(this.table.capacity);
    this.#counters = counters;
    this.#clientFirst = new Set(clientFirst.map((name) => finder.numberOf(name)).filter((number) => number !== UNKNOWN));
    this.#isStrict = config["capture.checksum-validation"] === "yes";
    this.#releasesEncrypted = config["stream.bypass"];
    this.#urgentInline = config["stream.urgent"] === "inline";
  }

  abstract onTransaction(slot: number, kind: string, side: Side, txId: number, fields: Transaction, beside: Beside | undefined): void;
  abstract onAnomaly(slot: number, type: "stream" | "applayer", side: Side, event: string, why: string | undefined, txId?: number): void;
  abstract onOpening(slot: number, side: Side, window: ByteView): void;
  abstract onForward(slot: number, side: Side, kind: "data" | "gap", bytes: Uint8Array, from: number, to: number): void;
  abstract onParserBug(slot: number, error: unknown): void;

  /** `isWhole`: the row is no fragment, so that its payload can be read. */
  protected transport(block: FrameBlock, columns: PacketColumns, row: number, slot: number, side: Side, isWhole: boolean): void {
    const protocol = columns.protocol[row] as number;
    if (protocol === TCP) {
      if (isWhole) this.#tcp(block, columns, row, slot, side);
      return;
    }
    if (side === 1) answered(this.table, slot);
    if (protocol === UDP && isWhole && (columns.payloadBytes[row] as number) > 0) this.#udp(block, columns, row, slot, side);
  }

  #tcp(block: FrameBlock, columns: PacketColumns, row: number, slot: number, side: Side): void {
    if (((columns.flags[row] as number) & PacketFlag.badL4Checksum) !== 0) return;
    const words = this.table.words;
    const at = slot * R.RECORD_WORDS;
    const wireLength = columns.payloadWireBytes[row] as number;
    const flags = columns.tcpFlags[row] as number;
    const ack = columns.tcpAck[row] as number;
    if (isUnusual(words, at, side, flags, ack) && !this.#judged(block, columns, row, slot, side)) return;
    if (wireLength > 0 && !this.#segment(block, columns, row, slot, side, wireLength, flags)) return;
    const stream = this.streams[slot];
    if (stream !== undefined && stream.pieceCount > 0 && (flags & TcpFlag.ack) !== 0) this.#acknowledged(stream, slot, side, flags, ack);
    const track = trackTcp(this.table, slot, side, columns, row, stream !== undefined && !stream.done);
    if (track !== Track.plain) this.#tracked(slot, side, track);
    if ((words[at + R.KIND] as number) >>> 24 >= TcpState.timeWait && this.streams[slot] !== undefined) this.#closeStream(slot, at);
  }

  /** Tells what is wrong with a segment; false when it does not count. */
  #judged(block: FrameBlock, columns: PacketColumns, row: number, slot: number, side: Side): boolean {
    const verdict = judge(this.table, slot, side, columns, row, block.view);
    if (verdict === 0) return true;
    const event = verdict & EVENT_MASK;
    if (event >= StreamEvent.est_invalid_ack && event <= StreamEvent.timewait_invalid_ack)
      this.onStreamEvent(slot, side, StreamEvent.pkt_invalid_ack);
    if (event !== 0) this.onStreamEvent(slot, side, event);
    if ((verdict & REOPENED) !== 0) reopen(this.table.words, slot * R.RECORD_WORDS);
    return (verdict & IGNORED) === 0;
  }

  #acknowledged(stream: FlowStream, slot: number, side: Side, flags: number, ack: number): void {
    const isAnswer = side === 1 && !stream.done && (flags & TcpFlag.syn) !== 0;
    if (isAnswer && !stream.opened(ack)) {
      this.onStreamEvent(slot, 0, StreamEvent["3whs_synack_tfo_data_ignored"]);
      this.table.words[slot * R.RECORD_WORDS + R.HIGH_CLIENT] = ack;
    }
    const other = (side ^ 1) as Side;
    if (!stream.closed) stream.acknowledged(other, ack);
    if (!stream.done) raiseHigh(this.table.words, slot * R.RECORD_WORDS, other, stream);
    this.#afterData(stream);
  }

  #tracked(slot: number, side: Side, track: Track): void {
    if (track === Track.again) this.add(M.tcpRetransmissions, 1);
    else if (track === Track.late) this.add(M.tcpOutOfOrder, 1);
    else this.onStreamEvent(slot, side, outOfWindow((this.table.words[slot * R.RECORD_WORDS + R.KIND] as number) >>> 24));
  }

  /**
   * The connection is closed. When all its bytes have arrived, the parser tells what is unfinished now and its memory
   * goes, instead of waiting for the flow's time-out.
   */
  #closeStream(slot: number, at: number): void {
    const words = this.table.words;
    const state = (words[at + R.KIND] as number) >>> 24;
    if (state !== TcpState.closed && state !== TcpState.timeWait) return;
    const stream = this.streams[slot] as FlowStream;
    const flags = words[at + R.FLAGS] as number;
    if (isBehind(stream.client, flags & RecordFlag.highClient, words[at + R.HIGH_CLIENT] as number)) return;
    if (isBehind(stream.server, flags & RecordFlag.highServer, words[at + R.HIGH_SERVER] as number)) return;
    stream.end();
    this.#afterData(stream);
  }

  /** Reads a segment's payload; false when its receiver drops it. */
  #segment(block: FrameBlock, columns: PacketColumns, row: number, slot: number, side: Side, wireLength: number, flags: number): boolean {
    const words = this.table.words;
    const at = slot * R.RECORD_WORDS;
    const length = columns.payloadBytes[row] as number;
    if (words[at + R.PAYLOAD_CLIENT + side] === 0) this.#sample(at + R.PAYLOAD_CLIENT + side, block, columns, row);
    this.inStream = true;
    if (((words[at + R.FLAGS] as number) & RecordFlag.bypass) !== 0) {
      this.#bypassed(at, length);
      if (this.streams[slot] === undefined) return true;
    } else this.add(M.payloadBytes, length);
    const seq = ((columns.tcpSeq[row] as number) + ((flags & TcpFlag.syn) >> 1)) | 0;
    const payload = columns.payload[row] as number;
    const stream = this.streams[slot] ?? this.#openTcp(slot, at);
    if (!stream.done && isStale(side === 0 ? stream.client : stream.server, block.view, columns.l4[row] as number, payload, seq)) {
      this.onStreamEvent(slot, side, StreamEvent.pkt_invalid_timestamp);
      return false;
    }
    if ((flags & (TcpFlag.syn | TcpFlag.ack | TcpFlag.urg)) === TcpFlag.ack)
      stream.segment(side, block.bytes, block.view, payload, length, wireLength, seq);
    else if ((flags & (TcpFlag.syn | TcpFlag.ack)) === TcpFlag.syn) {
      // Without the option, hardly a server takes it.
      this.inStream = findOption(block.view, columns.l4[row] as number, TcpOption.fastOpen) >= 0;
      stream.early(side, block.bytes, payload, length, seq);
    } else this.#urgent(stream, block, columns, row, side, seq, flags);
    this.#afterData(stream);
    return true;
  }

  /** Looks at the first payload of a side; short ones say nothing. */
  #sample(word: number, { bytes }: FrameBlock, columns: PacketColumns, row: number): void {
    const length = columns.payloadBytes[row] as number;
    if (length >= sampleBytesMin) this.table.words[word] = samplePayload(bytes, columns.payload[row] as number, length);
  }

  #openTcp(slot: number, at: number): FlowStream {
    const words = this.table.words;
    const stream = this.#open(slot, "tcp");
    const marks = words[at + R.FLAGS] as number;
    stream.client.started = (marks & RecordFlag.highClient) !== 0;
    stream.client.next = words[at + R.HIGH_CLIENT] as number;
    stream.server.started = (marks & RecordFlag.highServer) !== 0;
    stream.server.next = words[at + R.HIGH_SERVER] as number;
    // Reopened: the connection goes on as what it was.
    const known = ((words[at + R.KIND] as number) >>> 8) & 0xffff;
    if (known !== UNDECIDED && known !== UNKNOWN) stream.presume(known);
    return stream;
  }

  /** The byte that the urgent pointer names is not part of the stream, unless the receiver wants it there. */
  #urgent(stream: FlowStream, block: FrameBlock, columns: PacketColumns, row: number, side: Side, seq: number, flags: number): void {
    const { bytes, view } = block;
    const payload = columns.payload[row] as number;
    const length = columns.payloadBytes[row] as number;
    const wireLength = columns.payloadWireBytes[row] as number;
    const pointer = (flags & TcpFlag.urg) === 0 || this.#urgentInline ? 0 : tcp.urgentPointer(view, columns.l4[row] as number);
    if (pointer === 0 || pointer > length) {
      stream.segment(side, bytes, view, payload, length, wireLength, seq);
      return;
    }
    this.add(M.tcpUrgent, 1);
    if (pointer > 1) stream.segment(side, bytes, view, payload, pointer - 1, pointer - 1, seq);
    if (!stream.closed && !stream.urgent(side, (seq + pointer - 1) | 0))
      this.onStreamEvent(stream.slot, side, StreamEvent.reassembly_urgent_oob_limit_reached);
    if (!stream.closed && wireLength > pointer)
      stream.segment(side, bytes, view, payload + pointer, length - pointer, wireLength - pointer, (seq + pointer) | 0);
  }

  #udp(block: FrameBlock, columns: PacketColumns, row: number, slot: number, side: Side): void {
    const words = this.table.words;
    const at = slot * R.RECORD_WORDS;
    const length = columns.payloadBytes[row] as number;
    if (words[at + R.PAYLOAD_CLIENT + side] === 0) this.#sample(at + R.PAYLOAD_CLIENT + side, block, columns, row);
    if (((words[at + R.FLAGS] as number) & RecordFlag.bypass) !== 0) {
      this.#bypassed(at, length);
      return;
    }
    this.add(M.payloadBytes, length);
    // Datagrams with a wrong checksum are read as well, unless checksums count always: on the sending machine most are
    // unfinished, and nothing follows from one to the next.
    if (this.#isStrict && ((columns.flags[row] as number) & PacketFlag.badL4Checksum) !== 0) return;
    let stream = this.streams[slot];
    const fresh = stream === undefined;
    if (stream === undefined) stream = this.#open(slot, "udp");
    if (stream.datagram(side, block.bytes, block.view, columns.payload[row] as number, length)) {
      this.#afterData(stream);
      return;
    }
    if (fresh) this.streams[slot] = undefined;
    if ((words[at + R.PACKETS_CLIENT] as number) + (words[at + R.PACKETS_SERVER] as number) < probeDatagramsMax) return;
    // What was handed over and is not recognised keeps the name of what it began with.
    if (stream.from === undefined) this.onProtocol(slot, UNKNOWN);
    words[at + R.FLAGS] = (words[at + R.FLAGS] as number) | RecordFlag.bypass;
  }

  #open(slot: number, transport: "tcp" | "udp"): FlowStream {
    const ports = this.table.words[slot * R.RECORD_WORDS + R.PORTS] as number;
    const stream = new FlowStream(this, slot, transport, ports >>> 16, ports & 0xffff);
    this.streams[slot] = stream;
    if (this.#expectations.size > 0) {
      const expected = this.#expectations.take(this.table, slot, this.clock);
      if (expected !== undefined) {
        stream.presume(expected.protocol);
        stream.expected = expected.note;
      }
    }
    return stream;
  }

  /** Lets go of a stream that nobody wants any more. */
  #afterData(stream: FlowStream): void {
    if (!stream.done) return;
    const at = stream.slot * R.RECORD_WORDS;
    const protocol = stream.protocolNumber;
    const encrypts = protocol !== UNKNOWN && protocol > 0 && this.finder.definition(protocol).encrypts === true;
    if (encrypts) stream.close();
    if (stream.closed) this.streams[stream.slot] = undefined;
    const words = this.table.words;
    words[at + R.FLAGS] = (words[at + R.FLAGS] as number) | RecordFlag.bypass | (encrypts ? RecordFlag.encrypted : 0);
    if (encrypts && this.#releasesEncrypted) words[at + R.FLAGS] = (words[at + R.FLAGS] as number) | RecordFlag.released;
  }

  #bypassed(at: number, length: number): void {
    const words = this.table.words;
    this.add(M.payloadBytes, length);
    this.add(((words[at + R.FLAGS] as number) & RecordFlag.encrypted) !== 0 ? M.encryptedBytes : M.bypassedBytes, length);
    // The counter stays at its largest value instead of starting again.
    words[at + R.BYPASSED_BYTES] = Math.min(((words[at + R.BYPASSED_BYTES] as number) >>> 0) + length, 0xffff_ffff) | 0;
  }

  onProtocol(slot: number, protocol: number): void {
    const words = this.table.words;
    const at = slot * R.RECORD_WORDS + R.KIND;
    words[at] = ((words[at] as number) & ~0x00ff_ff00) | (protocol << 8);
    const stream = this.streams[slot];
    if (stream !== undefined && stream.server.read > 0 && stream.client.read === 0 && this.#clientFirst.has(protocol))
      this.#spokeFirst(slot);
  }

  /** The client's first bytes are a request, and the server has spoken before. */
  #spokeFirst(slot: number): void {
    if (((this.table.words[slot * R.RECORD_WORDS + R.FLAGS] as number) & RecordFlag.syn) === 0) return;
    this.onDetection(slot, 1, "wrong_direction_first_data", "the server spoke first, where clients ask");
  }

  onHandOver(slot: number, from: number): void {
    const words = this.table.words;
    const at = slot * R.RECORD_WORDS + R.ORIGIN;
    // What it began with is of interest, not the steps between.
    if (originOf(words[at] as number) === UNDECIDED) words[at] = (words[at] as number) | from;
  }

  onMismatch(slot: number, side: Side, protocol: number): void {
    const words = this.table.words;
    const at = slot * R.RECORD_WORDS + R.ORIGIN;
    words[at] = originOf(words[at] as number) | withOtherSide(side, protocol);
    this.onDetection(slot, side, "mismatch_protocol_both_directions", `one side is ${this.finder.name(protocol) ?? ""}`);
  }

  onDetection(slot: number, side: Side, event: string, why: string): void {
    const name = `applayer_${event}`;
    this.inspector?.event(slot, side, "stream", name);
    if (this.events.allows(slot)) this.onAnomaly(slot, "applayer", side, name.toUpperCase(), why);
  }

  onExpectation(slot: number, expectation: Expectation): void {
    const protocol = this.finder.numberOf(expectation.protocol);
    if (protocol !== UNKNOWN) this.#expectations.add(this.table, slot, expectation, protocol, this.clock);
  }

  onInOrder(own: StreamSide, seq: number, at: number, length: number): void {
    if (!this.assembled) this.recent.note(own, seq, at, length);
  }

  isOther(own: StreamSide, seq: number, bytes: Uint8Array, at: number, length: number): boolean {
    return !this.assembled && this.recent.differs(own, seq, bytes, at, length);
  }

  isOneSided(slot: number): boolean {
    const packets = slot * R.RECORD_WORDS + R.PACKETS_CLIENT;
    return this.table.words[packets] === 0 || this.table.words[packets + 1] === 0;
  }

  onDepth(slot: number, side: Side): void {
    const at = slot * R.RECORD_WORDS + R.FLAGS;
    this.table.words[at] = (this.table.words[at] as number) | RecordFlag.depth;
    this.add(M.tcpDepthReached, 1);
    this.onStreamEvent(slot, side, StreamEvent.reassembly_depth_reached);
  }

  onStreamEvent(slot: number, side: Side, event: number): void {
    this.add(event === StreamEvent.reassembly_overlap_different_data ? M.tcpOverlaps : M.tcpEvents, 1);
    this.inspector?.event(slot, side, "stream", streamEventName(event));
    if (this.events.allows(slot)) this.onAnomaly(slot, "stream", side, streamEventName(event), undefined);
  }

  onGap(slot: number, side: Side, bytes: number): void {
    const words = this.table.words;
    const at = slot * R.RECORD_WORDS + R.GAP_BYTES;
    words[at] = Math.min(((words[at] as number) >>> 0) + bytes, 0xffff_ffff) | 0;
    this.add(M.tcpGaps, 1);
    this.add(M.tcpGapBytes, bytes);
    this.onStreamEvent(slot, side, StreamEvent.reassembly_seq_gap);
  }

  onParserFailure(_slot: number): void {
    this.add(M.parserFailures, 1);
  }

  protected add(metric: number, amount: number): void {
    this.#counters[metric] = (this.#counters[metric] as number) + amount;
  }
}
