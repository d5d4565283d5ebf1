import type { ByteView } from "#base/bytes.ts";
import type { Side, Transaction } from "#contract/parser.ts";
import type { FrameBlock } from "#contract/source.ts";
import type { PacketColumns } from "#flow/columns.ts";
import { flowId } from "#flow/flow-id.ts";
import { PARTITIONS } from "#flow/key.ts";
import { NeighbourMessage, readNeighbour } from "#flow/neighbours.ts";
import type { Partition } from "#flow/partition.ts";
import type { Beside } from "#flow/partition-listener.ts";
import * as R from "#flow/record.generated.ts";
import { lastTime } from "#flow/timeouts.ts";
import { type EndReason, RecordFlag } from "#schema/flow-record.ts";

/** What a row tells. */
export const FactKind = { start: 0, end: 1, update: 2, message: 3, neighbour: 4, established: 5, packet: 6, unanswered: 7 } as const;
export type FactKind = (typeof FactKind)[keyof typeof FactKind];

/** The kind of the message that tells what a side of a flow of no known protocol says first. It is no event. */
export const openingKind = "opening";
/** Bytes of it that are told. */
const openingBytesMax = 256;
/** Openings of one partition in a block; what comes beyond is not told. */
const openingsMax = 256;

/** Facts that somebody wants of a shard. */
export interface FactWish {
  readonly starts: boolean;
  readonly established: boolean;
  readonly ends: boolean;
  readonly updates: boolean;
  readonly neighbours: boolean;
  readonly packets: boolean;
  readonly unanswered: boolean;
  /** Event kinds whose messages are wanted. */
  readonly kinds: readonly string[];
}

/** The same with the numbers of the kinds. A kind keeps its number when others are wanted later. */
export interface NumberedWish extends FactWish {
  readonly numbers: ReadonlyMap<string, number>;
}

export const numbered = (wish: FactWish): NumberedWish => ({ ...wish, numbers: new Map(wish.kinds.map((kind, index) => [kind, index])) });

/** Doubles in front of a row. */
export const D = {
  key: 0,
  /** Partition * 8 + kind. */
  what: 1,
  time: 2,
  flowId: 3,
  start: 4,
  bytes: 5,
  sizeM2: 7,
  gapMean: 9,
  gapM2: 11,
  beatMean: 13,
  beatM2: 14,
} as const;
export const DOUBLES = 15;
/** Words behind them. */
export const W = {
  client: 0,
  server: 4,
  ports: 8,
  /** The record's KIND word. */
  kind: 9,
  packets: 10,
  /** The record's FLAGS word. */
  flags: 12,
  tcpFlags: 13,
  macs: 15,
  vlan: 18,
  reason: 19,
  /** Of a message: number of its kind | side << 16. */
  message: 20,
  /** Of a packet, its bytes. */
  txId: 21,
  /** Where its line stands in the shard's lines, or its place among the objects. */
  from: 22,
  to: 23,
  beats: 24,
  payload: 25,
  /** Rows of neighbours have the words of `NeighbourWord` up to here, flags and VLAN as others, and their message. */
  neighbour: 13,
} as const;
/** Even, so that rows begin at whole doubles. */
const WORDS = 28;
const ROW_BYTES = DOUBLES * 8 + WORDS * 4;
export const ROW_DOUBLES = ROW_BYTES / 8;
export const ROW_WORDS = ROW_BYTES / 4;

const noTexts = new Uint8Array(0);

/**
 * Facts on their way to the reducer: fixed rows in one piece of memory, in the order of `EventLines`. They cross from a
 * worker to the main thread as bytes and are read there in place.
 */
export class FactRows {
  count = 0;
  /** What messages tell, where their reader sits in the same thread: fields and further members, by turns. */
  readonly objects: (Transaction | Beside | undefined)[] = [];
  memory: ArrayBuffer;
  doubles: Float64Array;
  words: Int32Array;

  /** First bytes of flows, behind the rows where these come from another thread. */
  texts: Uint8Array;
  #textBytes = 0;
  readonly #openings = new Uint16Array(PARTITIONS);

  constructor(memory: ArrayBuffer = new ArrayBuffer(ROW_BYTES * 1024), count = 0) {
    this.memory = memory;
    this.doubles = new Float64Array(memory);
    this.words = new Int32Array(memory);
    this.count = count;
    this.texts = count === 0 ? noTexts : new Uint8Array(memory, count * ROW_BYTES);
  }

  clear(): void {
    this.count = 0;
    this.objects.length = 0;
    if (this.#textBytes === 0) return;
    this.#textBytes = 0;
    this.#openings.fill(0);
  }

  /** A copy of the rows and of the texts behind them, to be transferred. */
  copy(): ArrayBuffer {
    const rows = this.count * ROW_BYTES;
    if (this.#textBytes === 0) return this.memory.slice(0, rows);
    // Whole doubles, since the rows are read as such.
    const both = new Uint8Array(rows + ((this.#textBytes + 7) & ~7));
    both.set(new Uint8Array(this.memory, 0, rows));
    both.set(this.texts.subarray(0, this.#textBytes), rows);
    return both.buffer;
  }

  /** The flow as it stands now. `reason` belongs to ends, `side` to updates and messages. */
  append(partition: Partition, slot: number, kind: FactKind, side: Side = 0, reason: EndReason | -1 = -1): void {
    const isLate = kind === FactKind.end || kind === FactKind.unanswered;
    const d = this.#begin(partition, kind, isLate ? lastTime(partition.table, slot) : partition.time);
    const { words, doubles } = partition.table;
    const to = this.doubles;
    const from = slot * R.RECORD_DOUBLES;
    to[d + D.flowId] = flowId(words, doubles, slot);
    to[d + D.start] = doubles[from + R.FIRST_TIME] as number;
    for (let i = 0; i < 2; i++) to[d + D.bytes + i] = doubles[from + R.BYTES_CLIENT + i] as number;
    // Deviations of sizes, means and deviations of gaps stand together in the record, in this order.
    for (let i = 0; i < 6; i++) to[d + D.sizeM2 + i] = doubles[from + R.SIZE_M2_CLIENT + i] as number;
    to[d + D.beatMean] = doubles[from + R.BEAT_MEAN] as number;
    to[d + D.beatM2] = doubles[from + R.BEAT_M2] as number;
    const at = slot * R.RECORD_WORDS;
    const w = this.#wordsAt();
    const row = this.words;
    row[w + W.beats] = words[at + R.BEATS] as number;
    for (let i = 0; i < 8; i++) row[w + i] = words[at + R.CLIENT + i] as number;
    row[w + W.ports] = words[at + R.PORTS] as number;
    row[w + W.kind] = words[at + R.KIND] as number;
    row[w + W.flags] = words[at + R.FLAGS] as number;
    row[w + W.packets] = words[at + R.PACKETS_CLIENT] as number;
    row[w + W.packets + 1] = words[at + R.PACKETS_SERVER] as number;
    row[w + W.tcpFlags] = words[at + R.TCP_FLAGS_CLIENT] as number;
    row[w + W.tcpFlags + 1] = words[at + R.TCP_FLAGS_SERVER] as number;
    for (let i = 0; i < 3; i++) row[w + W.macs + i] = words[at + R.MACS + i] as number;
    for (let i = 0; i < 2; i++) row[w + W.payload + i] = words[at + R.PAYLOAD_CLIENT + i] as number;
    row[w + W.vlan] = (words[at + R.VLAN] as number) & 0xfff;
    row[w + W.reason] = reason;
    row[w + W.message] = side << 16;
    this.count++;
  }

  /** Says the size of the packet that was appended just now. */
  sized(bytes: number): void {
    this.words[(this.count - 1) * ROW_WORDS + DOUBLES * 2 + W.txId] = bytes;
  }

  /** Adds a message of kind number `kind` to the flow that was appended just now. */
  message(kind: number, txId: number, from: number, to: number): void {
    const w = (this.count - 1) * ROW_WORDS + DOUBLES * 2;
    this.words[w + W.message] = kind | (this.words[w + W.message] as number);
    this.words[w + W.txId] = txId;
    this.words[w + W.from] = from;
    this.words[w + W.to] = to;
  }

  /** Adds what a side of a flow says first, as a message of kind number `kind`. */
  opening(partition: Partition, slot: number, side: Side, kind: number, { bytes, at, end }: ByteView): void {
    if ((this.#openings[partition.id] as number) >= openingsMax) return;
    this.#openings[partition.id] = (this.#openings[partition.id] as number) + 1;
    const from = this.#textBytes;
    const length = Math.min(end - at, openingBytesMax);
    if (from + length > this.texts.length) {
      const texts = new Uint8Array(Math.max(4096, this.texts.length * 2));
      texts.set(this.texts);
      this.texts = texts;
    }
    this.texts.set(bytes.subarray(at, at + length), from);
    this.#textBytes = from + length;
    this.append(partition, slot, FactKind.message, side);
    this.message(kind, end - at, from, this.#textBytes);
  }

  /** Who claims which address: `message` is what the frame is. */
  neighbour(partition: Partition, message: NeighbourMessage, block: FrameBlock, columns: PacketColumns, row: number): void {
    this.#begin(partition, FactKind.neighbour, partition.time);
    const w = this.#wordsAt();
    this.words.fill(0, w, w + WORDS);
    readNeighbour(message, block, columns, row, this.words, w);
    this.words[w + W.neighbour] = message;
    this.words[w + W.flags] = message >= NeighbourMessage.routerAdvertisement ? RecordFlag.ipv6 : 0;
    this.words[w + W.vlan] = (columns.vlan[row] as number) & 0xfff;
    this.count++;
  }

  #begin(partition: Partition, kind: FactKind, time: number): number {
    if ((this.count + 1) * ROW_BYTES > this.memory.byteLength) this.#grow();
    const d = this.count * ROW_DOUBLES;
    // What the clock alone has caused stands behind the block's last packet.
    this.doubles[d + D.key] = partition.ticking || kind === FactKind.unanswered ? partition.number + 0.5 : partition.number;
    this.doubles[d + D.what] = partition.id * 8 + kind;
    this.doubles[d + D.time] = time;
    return d;
  }

  #wordsAt(): number {
    return this.count * ROW_WORDS + DOUBLES * 2;
  }

  #grow(): void {
    const memory = new ArrayBuffer(this.memory.byteLength * 2);
    new Uint8Array(memory).set(new Uint8Array(this.memory));
    this.memory = memory;
    this.doubles = new Float64Array(memory);
    this.words = new Int32Array(memory);
  }
}
