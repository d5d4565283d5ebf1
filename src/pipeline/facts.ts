import { ipv4Text, ipv6FullText } from "#base/address.ts";
import { combine32, mix32 } from "#base/hash.ts";
import type { Micros } from "#base/time.ts";
import type { FlowFact } from "#contract/detector.ts";
import { flowId } from "#flow/flow-id.ts";
import type { Partition } from "#flow/partition.ts";
import * as R from "#flow/record.generated.ts";
import { lastTime } from "#flow/timeouts.ts";
import { RecordFlag } from "#schema/flow-record.ts";

/** Doubles in front of a row: order key, partition and kind, time, flow id, bytes each way. */
const DOUBLES = 6;
/** Words behind them: both addresses, ports, protocol and flags, packets each way. */
const WORDS = 12;
export const FACT_BYTES = DOUBLES * 8 + WORDS * 4;
const ROW_DOUBLES = FACT_BYTES / 8;
const ROW_WORDS = FACT_BYTES / 4;

/** Facts that somebody wants of a shard. */
export interface FactWish {
  /** When a flow begins. */
  readonly starts: boolean;
  /** When it has ended. */
  readonly ends: boolean;
}

const START = 0;
const END = 1;

/**
 * Facts about flows on their way to the reducer: fixed rows in one piece of memory, in the order of `EventLines`. They
 * cross from a worker to the main thread as bytes and are read there in place.
 */
export class FactRows implements FlowFact {
  count = 0;
  number = 0;
  time = 0 as Micros;
  flowId = 0;
  clientHash = 0;
  serverHash = 0;
  clientPort = 0;
  serverPort = 0;
  protocol = 0;
  packetsToServer = 0;
  packetsToClient = 0;
  bytesToServer = 0;
  bytesToClient = 0;
  answered = false;
  refused = false;
  isEnd = false;
  /** Where in the order of all facts this one stands, then its partition. */
  key = 0;
  partition = 0;
  #memory: ArrayBuffer;
  #doubles: Float64Array;
  #words: Int32Array;
  #at = 0;
  #ipv6 = false;

  constructor(memory: ArrayBuffer = new ArrayBuffer(FACT_BYTES * 1024), count = 0) {
    this.#memory = memory;
    this.#doubles = new Float64Array(memory);
    this.#words = new Int32Array(memory);
    this.count = count;
  }

  /** A copy of the rows, to be transferred. */
  copy(): ArrayBuffer {
    return this.#memory.slice(0, this.count * FACT_BYTES);
  }

  append(partition: Partition, slot: number, isEnd: boolean): void {
    if ((this.count + 1) * FACT_BYTES > this.#memory.byteLength) this.#grow();
    const { words, doubles } = partition.table;
    const at = slot * R.RECORD_WORDS;
    const d = slot * R.RECORD_DOUBLES;
    const to = this.count * ROW_DOUBLES;
    this.#doubles[to] = partition.ticking ? partition.number + 0.5 : partition.number;
    this.#doubles[to + 1] = partition.id * 2 + (isEnd ? END : START);
    this.#doubles[to + 2] = isEnd ? lastTime(partition.table, slot) : partition.time;
    this.#doubles[to + 3] = flowId(words, doubles, slot);
    this.#doubles[to + 4] = doubles[d + R.BYTES_CLIENT] as number;
    this.#doubles[to + 5] = doubles[d + R.BYTES_SERVER] as number;
    const w = this.count * ROW_WORDS + DOUBLES * 2;
    for (let i = 0; i < 8; i++) this.#words[w + i] = words[at + R.CLIENT + i] as number;
    this.#words[w + 8] = words[at + R.PORTS] as number;
    this.#words[w + 9] = ((words[at + R.KIND] as number) & 0xff) | ((words[at + R.FLAGS] as number) << 8);
    this.#words[w + 10] = words[at + R.PACKETS_CLIENT] as number;
    this.#words[w + 11] = words[at + R.PACKETS_SERVER] as number;
    this.count++;
  }

  /** Makes this object tell row `index`. */
  show(index: number): void {
    const d = index * ROW_DOUBLES;
    const w = index * ROW_WORDS + DOUBLES * 2;
    this.key = this.#doubles[d] as number;
    this.number = Math.floor(this.key);
    const kind = this.#doubles[d + 1] as number;
    this.partition = kind >> 1;
    this.isEnd = (kind & 1) === END;
    this.time = this.#doubles[d + 2] as Micros;
    this.flowId = this.#doubles[d + 3] as number;
    this.bytesToServer = this.#doubles[d + 4] as number;
    this.bytesToClient = this.#doubles[d + 5] as number;
    this.#at = w;
    this.clientHash = this.#hash(w);
    this.serverHash = this.#hash(w + 4);
    const ports = this.#words[w + 8] as number;
    this.clientPort = ports >>> 16;
    this.serverPort = ports & 0xffff;
    const marks = this.#words[w + 9] as number;
    this.protocol = marks & 0xff;
    const flags = marks >>> 8;
    this.answered = (flags & (RecordFlag.established | RecordFlag.synAck)) !== 0;
    this.refused = !this.answered && (flags & RecordFlag.rstServer) !== 0;
    this.packetsToServer = this.#words[w + 10] as number;
    this.packetsToClient = this.#words[w + 11] as number;
    this.#ipv6 = (flags & RecordFlag.ipv6) !== 0;
  }

  get client(): string {
    return this.#address(this.#at);
  }

  get server(): string {
    return this.#address(this.#at + 4);
  }

  #hash(at: number): number {
    const words = this.#words;
    const low = combine32(words[at] as number, words[at + 1] as number);
    return mix32(combine32(combine32(low, words[at + 2] as number), words[at + 3] as number));
  }

  #address(at: number): string {
    const words = this.#words;
    if (!this.#ipv6) return ipv4Text(words[at] as number);
    return ipv6FullText(words[at] as number, words[at + 1] as number, words[at + 2] as number, words[at + 3] as number);
  }

  #grow(): void {
    const memory = new ArrayBuffer(this.#memory.byteLength * 2);
    new Uint8Array(memory).set(new Uint8Array(this.#memory));
    this.#memory = memory;
    this.#doubles = new Float64Array(memory);
    this.#words = new Int32Array(memory);
  }
}
