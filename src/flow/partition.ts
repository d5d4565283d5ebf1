import type { ByteView } from "#base/bytes.ts";
import type { FlowLookup, InspectionTrouble } from "#contract/inspector.ts";
import type { Side, Transaction } from "#contract/parser.ts";
import type { Platform } from "#contract/platform.ts";
import { type FrameBlock, FrameFlag } from "#contract/source.ts";
import type { Config } from "#schema/config.ts";
import { EndReason, RecordFlag } from "#schema/flow-record.ts";
import { M } from "#schema/metrics.ts";
import { Fragment, type PacketColumns } from "./columns.ts";
import { takenOff } from "./decode-count.ts";
import { afterSample, leastActive } from "./eviction.ts";
import { FragmentPorts } from "./fragment-ports.ts";
import { sentByServer } from "./opener.ts";
import { originOf } from "./origin.ts";
import type { Beside, PartitionListener } from "./partition-listener.ts";
import { type ProtocolFinder, UNKNOWN } from "./protocol-finder.ts";
import * as R from "./record.generated.ts";
import { closedBy, Timeouts } from "./timeouts.ts";
import { begin, count, countFragment, countNew, isReuse, TCP, UDP } from "./track.ts";
import { TransportStage } from "./transport-stage.ts";

const SCTP = 132;
/** Slots that one tick looks at for flows that are over, at least. */
const sweepSlotsMin = 32;
/** Slots that end at once when the capture is over, so that their events do not fill the memory. */
const finishSlots = 1024;

/**
 * One of the 16 partitions: all the flows of its address pairs, from packets to transactions. It sees its own packets
 * in capture order and the capture clock at block ends, and nothing else; so what it says does not depend on which
 * worker runs it, nor on what the other partitions do.
 */
export class Partition extends TransportStage implements FlowLookup {
  readonly id: number;
  /** Capture-wide number of the packet being read; at ticks, of the block's last packet. */
  number = 0;
  /** True while flows end by the clock and not by a packet. */
  ticking = false;
  readonly #listener: PartitionListener;
  readonly #counters: Float64Array;
  readonly #timeouts: Timeouts;
  readonly #fragments = new FragmentPorts();
  #hand = 0;
  #packetsSinceTick = 0;
  /** Whether `#flowOf` made the flow: its first packet is told once it has been counted. */
  #isNew = false;

  constructor(id: number, config: Config, finder: ProtocolFinder, platform: Platform, listener: PartitionListener, counters: Float64Array) {
    super(config, finder, platform, counters);
    this.id = id;
    this.#listener = listener;
    this.#counters = counters;
    this.#timeouts = new Timeouts(config);
  }

  /** Reads one decoded packet; `hash` is the table's hash of its key. Returns its flow's slot, -1 for none. */
  packet(block: FrameBlock, columns: PacketColumns, row: number, hash: number): number {
    const frame = columns.frame[row] as number;
    const time = block.time[frame] as number;
    this.number = block.firstNumber + frame;
    this.time = time;
    if (time > this.clock) this.clock = time;
    this.#packetsSinceTick++;
    if (((block.flags[frame] as number) & FrameFlag.duplicate) !== 0) return -1;
    this.inStream = false;
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
    else if (hasPorts && (columns.l4[row] as number) < 0) {
      this.inspector?.packet(block, columns, row, -1, 0, false, false);
      return -1;
    }
    const slot = this.#flowOf(block, columns, row, key, protocol);
    const side = this.table.side;
    const tag = (columns.vlan[row] as number) === 0 ? 0 : takenOff(block, frame);
    count(this.table, slot, side, (block.wire[frame] as number) + tag, time);
    if (fragment !== Fragment.none) countFragment(this.table, slot);
    if (this.#isNew) this.#began(slot, side, columns, row);
    const sent = this.#word(slot, R.PACKETS_CLIENT + side);
    if ((sent & 63) === 0 && ((sent & (sent - 1)) === 0 || (sent & 1023) === 0)) this.#listener.onFlowUpdate(this, slot, side as Side);
    const wasEstablished = this.isEstablished(slot);
    this.transport(block, columns, row, slot, side as Side, fragment === Fragment.none);
    if (!wasEstablished && this.isEstablished(slot)) this.#listener.onFlowEstablished(this, slot);
    this.inspector?.packet(block, columns, row, slot, side as Side, fragment === Fragment.none, this.inStream);
    return slot;
  }

  /** A frame without an IP header: only rules look at it. */
  frame(block: FrameBlock, columns: PacketColumns, row: number): void {
    const frame = columns.frame[row] as number;
    this.number = block.firstNumber + frame;
    this.time = block.time[frame] as number;
    this.inspector?.packet(block, columns, row, -1, 0, false, false);
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
    if (this.#isNew) this.#began(slot, side, columns, 0);
    this.assembled = true;
    this.inStream = false;
    const wasEstablished = this.isEstablished(slot);
    this.transport(block, columns, 0, slot, side as Side, true);
    if (!wasEstablished && this.isEstablished(slot)) this.#listener.onFlowEstablished(this, slot);
    this.inspector?.packet(block, columns, 0, slot, side as Side, true, this.inStream);
    this.assembled = false;
  }

  /** The block is over: ends flows that have been silent for too long. `lastNumber` is the block's last packet. */
  tick(clock: number, lastNumber: number): void {
    if (clock > this.clock) this.clock = clock;
    this.#at(lastNumber);
    this.recent.clear();
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

  /** Name of the flow's protocol; `undefined` while undecided. */
  protocolOf(slot: number): string | undefined {
    return this.finder.name(((this.table.words[slot * R.RECORD_WORDS + R.KIND] as number) >>> 8) & 0xffff);
  }

  get slots(): number {
    return this.table.capacity;
  }

  get addressWords(): Int32Array {
    return this.table.words;
  }

  addressAt(slot: number): number {
    return slot * R.RECORD_WORDS + R.CLIENT;
  }

  isIpv6(slot: number): boolean {
    return this.#marked(slot, RecordFlag.ipv6);
  }

  transportOf(slot: number): number {
    return this.#word(slot, R.KIND) & 0xff;
  }

  clientPort(slot: number): number {
    return this.#word(slot, R.PORTS) >>> 16;
  }

  serverPort(slot: number): number {
    return this.#word(slot, R.PORTS) & 0xffff;
  }

  isEstablished(slot: number): boolean {
    return this.#marked(slot, RecordFlag.established);
  }

  isMidstream(slot: number): boolean {
    return this.#marked(slot, RecordFlag.midstream);
  }

  originOf(slot: number): string | undefined {
    return this.finder.name(originOf(this.#word(slot, R.ORIGIN)));
  }

  isUnknown(slot: number): boolean {
    return ((this.#word(slot, R.KIND) >>> 8) & 0xffff) === UNKNOWN;
  }

  packets(slot: number, side: Side): number {
    return this.#word(slot, R.PACKETS_CLIENT + side);
  }

  bytes(slot: number, side: Side): number {
    return this.table.doubles[slot * R.RECORD_DOUBLES + R.BYTES_CLIENT + side] as number;
  }

  startOf(slot: number): number {
    return this.table.doubles[slot * R.RECORD_DOUBLES + R.FIRST_TIME] as number;
  }

  streamBytes(slot: number, side: Side): number {
    if (!this.#marked(slot, RecordFlag.highClient << side)) return 0;
    return (this.#word(slot, R.HIGH_CLIENT + side) - this.#word(slot, R.ISN_CLIENT + side)) >>> 0;
  }

  #word(slot: number, field: number): number {
    return this.table.words[slot * R.RECORD_WORDS + field] as number;
  }

  #marked(slot: number, flag: number): boolean {
    return (this.#word(slot, R.FLAGS) & flag) !== 0;
  }

  tally(trouble: InspectionTrouble): void {
    this.add(M[trouble], 1);
  }

  release(slot: number): void {
    const at = slot * R.RECORD_WORDS + R.FLAGS;
    this.table.words[at] = (this.table.words[at] as number) | RecordFlag.released;
  }

  /** An alert or finding names the flow. */
  markAlerted(slot: number): void {
    const at = slot * R.RECORD_WORDS + R.FLAGS;
    this.table.words[at] = (this.table.words[at] as number) | RecordFlag.alerted;
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
    this.#isNew = false;
    if (found >= 0) {
      if (this.#timeouts.isOver(table, found, this.clock)) this.#end(found, EndReason.timeout);
      else if (protocol === TCP && isReuse(this.table, found, columns, row)) this.#end(found, EndReason.reuse);
      else return found;
    }
    if (table.full) this.#evict();
    const slot = table.create(columns, row, hash, sentByServer(columns, row, protocol, this.finder));
    // An array without holes, and never read behind its end, is what its look-ups are compiled for.
    while (this.streams.length <= slot) this.streams.push(undefined);
    this.events.begin(slot);
    begin(table, slot, block, columns, row);
    countNew(this.#counters, protocol, columns, row);
    this.inspector?.flowStart?.(slot);
    this.#isNew = true;
    return slot;
  }

  /** The first packet has been counted; its TCP flags are told as well, which `transport` reads only later. */
  #began(slot: number, side: number, columns: PacketColumns, row: number): void {
    if (columns.protocol[row] === TCP && (columns.l4[row] as number) >= 0)
      this.table.words[slot * R.RECORD_WORDS + R.TCP_FLAGS_CLIENT + side] = columns.tcpFlags[row] as number;
    this.#listener.onFlowStart(this, slot);
  }

  #evict(): void {
    const victim = leastActive(this.table, this.#timeouts, this.#hand);
    this.#hand = afterSample(this.table, this.#hand);
    this.#counters[M.flowsEvicted] = (this.#counters[M.flowsEvicted] as number) + 1;
    this.#end(victim, EndReason.evicted);
  }

  #end(slot: number, cause: EndReason): void {
    const stream = this.streams[slot];
    if (stream !== undefined) {
      stream.end();
      this.streams[slot] = undefined;
    }
    this.inspector?.flowEnd(slot);
    const flags = this.table.words[slot * R.RECORD_WORDS + R.FLAGS] as number;
    this.#listener.onFlowEnd(this, slot, cause === EndReason.timeout || cause === EndReason.shutdown ? closedBy(flags, cause) : cause);
    this.table.remove(slot);
    this.#counters[M.flowsActive] = (this.#counters[M.flowsActive] as number) - 1;
  }

  onTransaction(slot: number, kind: string, side: Side, txId: number, fields: Transaction, beside: Beside | undefined): void {
    this.add(M.transactions, 1);
    this.#listener.onTransaction(this, slot, kind, side, txId, fields, beside);
  }

  onAnomaly(slot: number, type: "stream" | "applayer", side: Side, event: string, why: string | undefined, txId?: number): void {
    this.#listener.onAnomaly(this, slot, type, side, event, why, txId);
  }

  onOpening(slot: number, side: Side, window: ByteView): void {
    this.#listener.onOpening(this, slot, side, window);
  }

  onForward(slot: number, side: Side, kind: "data" | "gap", bytes: Uint8Array, from: number, to: number): void {
    this.#listener.onForward(this, slot, side, kind, bytes, from, to);
  }

  onParserBug(slot: number, error: unknown): void {
    this.add(M.parserBugs, 1);
    this.#listener.onParserBug(this, slot, error);
  }
}
