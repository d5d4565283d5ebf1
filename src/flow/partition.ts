import { ByteView } from "#base/bytes.ts";
import type { Expectation, Side, Transaction } from "#contract/parser.ts";
import type { Platform } from "#contract/platform.ts";
import { type FrameBlock, FrameFlag } from "#contract/source.ts";
import type { Config } from "#schema/config.ts";
import { EndReason, RecordFlag } from "#schema/flow-record.ts";
import { M } from "#schema/metrics.ts";
import { Fragment, type PacketColumns, PacketFlag } from "./columns.ts";
import { takenOff } from "./decode-count.ts";
import { Expectations } from "./expectations.ts";
import { FileRules } from "./file-rules.ts";
import { FlowStream } from "./flow-stream.ts";
import { FlowTable } from "./flow-table.ts";
import { FragmentPorts } from "./fragment-ports.ts";
import { PARTITIONS } from "./key.ts";
import { sentByServer } from "./opener.ts";
import type { Beside, PartitionListener } from "./partition-listener.ts";
import { type ProtocolFinder, probeDatagramsMax, UNKNOWN } from "./protocol-finder.ts";
import type { StreamHost } from "./protocol-stream.ts";
import * as R from "./record.generated.ts";
import { type HeldBytes, StreamSide } from "./stream-side.ts";
import { TcpFlag, TcpState } from "./tcp-state.ts";
import { closedBy, lastTime, Timeouts } from "./timeouts.ts";
import { answered, begin, count, countFragment, countNew, isReuse, TCP, trackTcp, UDP } from "./track.ts";

const SCTP = 132;
/** Slots that one tick looks at for flows that are over, at least. */
const sweepSlotsMin = 32;
/** Slots that end at once when the capture is over, so that their events do not fill the memory. */
const finishSlots = 1024;
/** Slots among which the least active flow is evicted when the table is full. */
const evictionSample = 64;
/** Spare room over the fair share, because a hash spreads address pairs unevenly. */
const capacitySlack = 1.05;

/**
 * One of the 16 partitions: all the flows of its address pairs, from packets to transactions. It sees its own packets
 * in capture order and the capture clock at block ends, and nothing else; so what it says does not depend on which
 * worker runs it, nor on what the other partitions do.
 */
export class Partition implements StreamHost {
  readonly id: number;
  readonly table: FlowTable;
  readonly finder: ProtocolFinder;
  readonly platform: Platform;
  readonly files: FileRules;
  readonly held: HeldBytes;
  readonly window = new ByteView();
  readonly noSide = new StreamSide();
  readonly flowBytesMax: number;
  /** Capture-wide number of the packet being read; at ticks, of the block's last packet. */
  number = 0;
  /** Time of the packet being read, µs; at ticks, the capture clock. */
  time = 0;
  /** True while flows end by the clock and not by a packet. */
  ticking = false;
  /** True while a packet is read that was put together from fragments. */
  assembled = false;
  /** Largest time seen, µs. */
  clock = 0;
  readonly #listener: PartitionListener;
  readonly #counters: Float64Array;
  readonly #timeouts: Timeouts;
  readonly #streams: (FlowStream | undefined)[] = [];
  readonly #fragments = new FragmentPorts();
  readonly #expectations = new Expectations();
  #hand = 0;
  #packetsSinceTick = 0;

  constructor(id: number, config: Config, finder: ProtocolFinder, platform: Platform, listener: PartitionListener, counters: Float64Array) {
    this.id = id;
    this.table = new FlowTable(Math.ceil((config["flow.flows-max"] / PARTITIONS) * capacitySlack), config["engine.seed"]);
    this.finder = finder;
    this.platform = platform;
    this.files = new FileRules(config, platform, PARTITIONS);
    this.held = { used: 0, max: Math.floor(config["stream.reassembly-bytes-max"] / PARTITIONS) };
    this.flowBytesMax = config["stream.flow-bytes-max"];
    this.#listener = listener;
    this.#counters = counters;
    this.#timeouts = new Timeouts(config);
  }

  /** Reads one decoded packet; `hash` is the table's hash of its key. */
  packet(block: FrameBlock, columns: PacketColumns, row: number, hash: number): void {
    const frame = columns.frame[row] as number;
    const time = block.time[frame] as number;
    this.number = block.firstNumber + frame;
    this.time = time;
    if (time > this.clock) this.clock = time;
    this.#packetsSinceTick++;
    if (((block.flags[frame] as number) & FrameFlag.duplicate) !== 0) return;
    const protocol = columns.protocol[row] as number;
    const hasPorts = protocol === TCP || protocol === UDP || protocol === SCTP;
    let key = hash;
    const fragment = columns.fragment[row] as number;
    if (fragment === Fragment.later && hasPorts) {
      // A later fragment takes the ports of its first.
      this.#fragments.restore(columns, row, time);
      key = this.table.hash(columns, row);
    } else if (fragment === Fragment.first) this.#fragments.remember(columns, row, time);
    // A header too short for ports has no flow.
    else if (hasPorts && (columns.l4[row] as number) < 0) return;
    const slot = this.#flowOf(block, columns, row, key, protocol);
    const side = this.table.side;
    const tag = (columns.vlan[row] as number) === 0 ? 0 : takenOff(block, frame);
    count(this.table, slot, side, (block.wire[frame] as number) + tag, time);
    if (fragment !== Fragment.none) countFragment(this.table, slot);
    this.#transport(block, columns, row, slot, side as Side, fragment === Fragment.none);
  }

  /**
   * Reads a packet that was put together from fragments, the block's one frame. The fragments were counted, so that
   * only what it carries is new; when that is a tunnel (`carried`), the packet inside is counted as well.
   */
  whole(block: FrameBlock, columns: PacketColumns, carried: boolean): void {
    this.number = block.firstNumber;
    this.time = block.time[0] as number;
    if (this.time > this.clock) this.clock = this.time;
    const protocol = columns.protocol[0] as number;
    if ((protocol === TCP || protocol === UDP || protocol === SCTP) && (columns.l4[0] as number) < 0) return;
    const slot = this.#flowOf(block, columns, 0, this.table.hash(columns, 0), protocol);
    const side = this.table.side;
    const at = slot * R.RECORD_WORDS;
    const isFresh = ((this.table.words[at + R.PACKETS_CLIENT] as number) | (this.table.words[at + R.PACKETS_SERVER] as number)) === 0;
    if (carried || isFresh) count(this.table, slot, side, block.wire[0] as number, this.time);
    this.assembled = true;
    this.#transport(block, columns, 0, slot, side as Side, true);
    this.assembled = false;
  }

  /** `isWhole`: the row is no fragment, so that its payload can be read. */
  #transport(block: FrameBlock, columns: PacketColumns, row: number, slot: number, side: Side, isWhole: boolean): void {
    const protocol = columns.protocol[row] as number;
    if (protocol === TCP) {
      if (isWhole) this.#tcp(block, columns, row, slot, side);
      return;
    }
    if (side === 1) answered(this.table, slot);
    if (protocol === UDP && isWhole && (columns.payloadBytes[row] as number) > 0) this.#udp(block, columns, row, slot, side);
  }

  /** The block is over: ends flows that have been silent for too long. `lastNumber` is the block's last packet. */
  tick(clock: number, lastNumber: number): void {
    if (clock > this.clock) this.clock = clock;
    this.#at(lastNumber);
    const table = this.table;
    const looks = Math.min(table.highWater, Math.max(sweepSlotsMin, this.#packetsSinceTick >> 1));
    this.#packetsSinceTick = 0;
    for (let i = 0; i < looks; i++) {
      if (this.#hand >= table.highWater) this.#hand = 0;
      const slot = this.#hand++;
      if (((table.words[slot * R.RECORD_WORDS + R.FLAGS] as number) & RecordFlag.alive) === 0) continue;
      if (this.#timeouts.isOver(table, slot, this.clock)) this.#end(slot, EndReason.timeout);
    }
    this.ticking = false;
  }

  /** The capture is over: ends the flows of some slots from `fromSlot` on. Returns the slot to go on with, -1 for none. */
  finish(lastNumber: number, fromSlot: number): number {
    this.#at(lastNumber);
    const until = Math.min(this.table.highWater, fromSlot + finishSlots);
    for (let slot = fromSlot; slot < until; slot++)
      if (((this.table.words[slot * R.RECORD_WORDS + R.FLAGS] as number) & RecordFlag.alive) !== 0) this.#end(slot, EndReason.shutdown);
    this.ticking = false;
    return until < this.table.highWater ? until : -1;
  }

  #at(lastNumber: number): void {
    this.number = lastNumber;
    this.time = this.clock;
    this.ticking = true;
  }

  #flowOf(block: FrameBlock, columns: PacketColumns, row: number, hash: number, protocol: number): number {
    const table = this.table;
    const found = table.find(columns, row, hash);
    if (found >= 0) {
      if (this.#timeouts.isOver(table, found, this.clock)) this.#end(found, EndReason.timeout);
      else if (protocol === TCP && isReuse(this.table, found, columns, row)) this.#end(found, EndReason.reuse);
      else return found;
    }
    if (table.full) this.#evict();
    const slot = table.create(columns, row, hash, sentByServer(columns, row, protocol));
    begin(table, slot, block, columns, row);
    countNew(this.#counters, protocol, columns, row);
    this.#listener.onFlowStart(this, slot);
    return slot;
  }

  /** Ends the least active flow of a sample; one that never got an answer goes before one that did. */
  #evict(): void {
    const table = this.table;
    let victim = -1;
    let oldest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < evictionSample; i++) {
      if (this.#hand >= table.highWater) this.#hand = 0;
      const slot = this.#hand++;
      const flags = table.words[slot * R.RECORD_WORDS + R.FLAGS] as number;
      if ((flags & RecordFlag.alive) === 0) continue;
      const age = lastTime(table, slot) + ((flags & RecordFlag.established) === 0 ? 0 : this.#timeouts.of(table, slot));
      if (age >= oldest) continue;
      oldest = age;
      victim = slot;
    }
    this.#counters[M.flowsEvicted] = (this.#counters[M.flowsEvicted] as number) + 1;
    this.#end(victim, EndReason.evicted);
  }

  #end(slot: number, cause: EndReason): void {
    const stream = this.#streams[slot];
    if (stream !== undefined) {
      stream.end();
      this.#streams[slot] = undefined;
    }
    const flags = this.table.words[slot * R.RECORD_WORDS + R.FLAGS] as number;
    this.#listener.onFlowEnd(this, slot, cause === EndReason.timeout || cause === EndReason.shutdown ? closedBy(flags, cause) : cause);
    this.table.remove(slot);
    this.#counters[M.flowsActive] = (this.#counters[M.flowsActive] as number) - 1;
  }

  #tcp(block: FrameBlock, columns: PacketColumns, row: number, slot: number, side: Side): void {
    const words = this.table.words;
    const at = slot * R.RECORD_WORDS;
    const wireLength = columns.payloadWireBytes[row] as number;
    const flags = columns.tcpFlags[row] as number;
    if (wireLength > 0 && ((columns.flags[row] as number) & PacketFlag.badL4Checksum) === 0)
      this.#segment(block, columns, row, slot, side, wireLength, flags);
    const stream = this.#streams[slot];
    if (stream !== undefined && stream.pieceCount > 0 && (flags & TcpFlag.ack) !== 0) {
      stream.acknowledged((side ^ 1) as Side, columns.tcpAck[row] as number);
      this.#afterData(stream);
    }
    const before = words[at + R.RETRANSMISSIONS] as number;
    const beforeOrder = words[at + R.OUT_OF_ORDER] as number;
    trackTcp(this.table, slot, side, columns, row);
    if (words[at + R.RETRANSMISSIONS] !== before) this.#add(M.tcpRetransmissions, 1);
    if (words[at + R.OUT_OF_ORDER] !== beforeOrder) this.#add(M.tcpOutOfOrder, 1);
    if ((words[at + R.KIND] as number) >>> 24 >= TcpState.timeWait && this.#streams[slot] !== undefined) this.#closeStream(slot, at);
  }

  /**
   * The connection is closed. When all its bytes have arrived, the parser tells what is unfinished now and its memory
   * goes, instead of waiting for the flow's time-out.
   */
  #closeStream(slot: number, at: number): void {
    const words = this.table.words;
    const state = (words[at + R.KIND] as number) >>> 24;
    if (state !== TcpState.closed && state !== TcpState.timeWait) return;
    const stream = this.#streams[slot] as FlowStream;
    const flags = words[at + R.FLAGS] as number;
    if (isBehind(stream.client, flags & RecordFlag.highClient, words[at + R.HIGH_CLIENT] as number)) return;
    if (isBehind(stream.server, flags & RecordFlag.highServer, words[at + R.HIGH_SERVER] as number)) return;
    stream.end();
    this.#afterData(stream);
  }

  #segment(block: FrameBlock, columns: PacketColumns, row: number, slot: number, side: Side, wireLength: number, flags: number): void {
    const words = this.table.words;
    const at = slot * R.RECORD_WORDS;
    const length = columns.payloadBytes[row] as number;
    if (((words[at + R.FLAGS] as number) & RecordFlag.bypass) !== 0) {
      this.#bypassed(at, length);
      return;
    }
    this.#add(M.payloadBytes, length);
    let stream = this.#streams[slot];
    if (stream === undefined) {
      stream = this.#open(slot, "tcp");
      const marks = words[at + R.FLAGS] as number;
      stream.client.started = (marks & RecordFlag.highClient) !== 0;
      stream.client.next = words[at + R.HIGH_CLIENT] as number;
      stream.server.started = (marks & RecordFlag.highServer) !== 0;
      stream.server.next = words[at + R.HIGH_SERVER] as number;
    }
    const seq = ((columns.tcpSeq[row] as number) + ((flags & TcpFlag.syn) >> 1)) | 0;
    stream.segment(side, block.bytes, block.view, columns.payload[row] as number, length, wireLength, seq);
    this.#afterData(stream);
  }

  #udp(block: FrameBlock, columns: PacketColumns, row: number, slot: number, side: Side): void {
    const words = this.table.words;
    const at = slot * R.RECORD_WORDS;
    const length = columns.payloadBytes[row] as number;
    if (((words[at + R.FLAGS] as number) & RecordFlag.bypass) !== 0) {
      this.#bypassed(at, length);
      return;
    }
    this.#add(M.payloadBytes, length);
    if (((columns.flags[row] as number) & PacketFlag.badL4Checksum) !== 0) return;
    let stream = this.#streams[slot];
    const fresh = stream === undefined;
    if (stream === undefined) stream = this.#open(slot, "udp");
    if (stream.datagram(side, block.bytes, block.view, columns.payload[row] as number, length)) {
      this.#afterData(stream);
      return;
    }
    if (fresh) this.#streams[slot] = undefined;
    if ((words[at + R.PACKETS_CLIENT] as number) + (words[at + R.PACKETS_SERVER] as number) < probeDatagramsMax) return;
    // What was handed over and is not recognised keeps the name of what it began with.
    if (stream.from === undefined) this.onProtocol(slot, UNKNOWN);
    words[at + R.FLAGS] = (words[at + R.FLAGS] as number) | RecordFlag.bypass;
  }

  #open(slot: number, transport: "tcp" | "udp"): FlowStream {
    const ports = this.table.words[slot * R.RECORD_WORDS + R.PORTS] as number;
    const stream = new FlowStream(this, slot, transport, ports >>> 16, ports & 0xffff);
    this.#streams[slot] = stream;
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
    this.#streams[stream.slot] = undefined;
    const protocol = stream.protocolNumber;
    const encrypts = protocol !== UNKNOWN && protocol > 0 && this.finder.definition(protocol).encrypts === true;
    const words = this.table.words;
    words[at + R.FLAGS] = (words[at + R.FLAGS] as number) | RecordFlag.bypass | (encrypts ? RecordFlag.encrypted : 0);
  }

  #bypassed(at: number, length: number): void {
    const words = this.table.words;
    this.#add(M.payloadBytes, length);
    this.#add(((words[at + R.FLAGS] as number) & RecordFlag.encrypted) !== 0 ? M.encryptedBytes : M.bypassedBytes, length);
    // The counter stays at its largest value instead of starting again.
    words[at + R.BYPASSED_BYTES] = Math.min(((words[at + R.BYPASSED_BYTES] as number) >>> 0) + length, 0xffff_ffff) | 0;
  }

  #add(metric: number, amount: number): void {
    this.#counters[metric] = (this.#counters[metric] as number) + amount;
  }

  onTransaction(slot: number, kind: string, side: Side, txId: number, fields: Transaction, beside: Beside | undefined): void {
    this.#add(M.transactions, 1);
    this.#listener.onTransaction(this, slot, kind, side, txId, fields, beside);
  }

  onAnomaly(slot: number, type: "stream" | "applayer", side: Side, event: string, why: string | undefined): void {
    this.#listener.onAnomaly(this, slot, type, side, event, why);
  }

  onProtocol(slot: number, protocol: number): void {
    const words = this.table.words;
    const at = slot * R.RECORD_WORDS + R.KIND;
    words[at] = ((words[at] as number) & ~0x00ff_ff00) | (protocol << 8);
  }

  onHandOver(slot: number, from: number): void {
    const words = this.table.words;
    const at = slot * R.RECORD_WORDS + R.ORIGIN;
    // What it began with is of interest, not the steps between.
    if (words[at] === 0) words[at] = from;
  }

  onExpectation(slot: number, expectation: Expectation): void {
    const protocol = this.finder.numberOf(expectation.protocol);
    if (protocol !== UNKNOWN) this.#expectations.add(this.table, slot, expectation, protocol, this.clock);
  }

  onGap(slot: number, _side: Side, bytes: number): void {
    const words = this.table.words;
    const at = slot * R.RECORD_WORDS + R.GAP_BYTES;
    words[at] = Math.min(((words[at] as number) >>> 0) + bytes, 0xffff_ffff) | 0;
    this.#add(M.tcpGaps, 1);
    this.#add(M.tcpGapBytes, bytes);
  }

  onParserBug(slot: number, error: unknown): void {
    this.#add(M.parserBugs, 1);
    this.#listener.onParserBug(this, slot, error);
  }

  onParserFailure(_slot: number): void {
    this.#add(M.parserFailures, 1);
  }
}

/** True when bytes of a side were sent that have not arrived here; the FIN counts one. */
const isBehind = (side: StreamSide, highKnown: number, high: number): boolean =>
  side.started && highKnown !== 0 && ((high - side.next) | 0) > 1;
