import { PARTITIONS } from "#flow/key.ts";
import type { Partition } from "#flow/partition.ts";
import * as R from "#flow/record.generated.ts";
import { TCP } from "#flow/track.ts";
import { RecordFlag } from "#schema/flow-record.ts";
import { FactKind, type FactRows } from "./facts.ts";

/** How long a client waits before its flow is told to have no answer. A third SYN comes 3 s after the first (RFC 6298). */
export const patienceMicros = 4_000_000;
/** Flows of one partition whose answers are waited for at once; those that begin beyond are told at their end only. */
const youngMax = 32_768;
const roomAtFirst = 256;

/**
 * The flows that began a few seconds ago, so that those without an answer can be told long before they end by a time-out: a
 * scan on a live wire is over by then. Looked at when a block is over, by the capture clock, partition by partition, so
 * that the number of workers changes nothing.
 */
export class YoungFlows {
  readonly #rings = Array.from({ length: PARTITIONS }, () => new YoungRing());

  /** A flow has begun. */
  add(partition: Partition, slot: number): void {
    (this.#rings[partition.id] as YoungRing).add(partition, slot);
  }

  /** Tells of the partition's flows whose clients have waited long enough. */
  tell(partition: Partition, facts: FactRows): void {
    const ring = this.#rings[partition.id] as YoungRing;
    for (let slot = ring.next(partition); slot >= 0; slot = ring.next(partition)) facts.append(partition, slot, FactKind.unanswered);
  }
}

/**
 * A ring of one partition's slots in the order in which their flows began, with their generations: a slot that was given to
 * another flow since has another one.
 */
class YoungRing {
  #slots = new Int32Array(roomAtFirst);
  #generations = new Int32Array(roomAtFirst);
  #from = 0;
  #count = 0;

  add(partition: Partition, slot: number): void {
    if (this.#count === this.#slots.length && !this.#grow()) return;
    const at = (this.#from + this.#count) & (this.#slots.length - 1);
    this.#slots[at] = slot;
    this.#generations[at] = partition.table.words[slot * R.RECORD_WORDS + R.GENERATION] as number;
    this.#count++;
  }

  /** The next flow whose patience is over at the partition's clock without an answer, marked as told; -1 for none. */
  next(partition: Partition): number {
    const { words, doubles } = partition.table;
    const mask = this.#slots.length - 1;
    while (this.#count > 0) {
      const slot = this.#slots[this.#from] as number;
      const at = slot * R.RECORD_WORDS;
      const isThere =
        words[at + R.GENERATION] === this.#generations[this.#from] && ((words[at + R.FLAGS] as number) & RecordFlag.alive) !== 0;
      if (isThere && partition.clock - (doubles[slot * R.RECORD_DOUBLES + R.FIRST_TIME] as number) < patienceMicros) return -1;
      this.#from = (this.#from + 1) & mask;
      this.#count--;
      if (!isThere || !isUnanswered(words, at)) continue;
      words[at + R.FLAGS] = (words[at + R.FLAGS] as number) | RecordFlag.waited;
      return slot;
    }
    return -1;
  }

  #grow(): boolean {
    const room = this.#slots.length;
    if (room >= youngMax) return false;
    const slots = new Int32Array(room * 2);
    const generations = new Int32Array(room * 2);
    for (let i = 0; i < room; i++) {
      slots[i] = this.#slots[(this.#from + i) & (room - 1)] as number;
      generations[i] = this.#generations[(this.#from + i) & (room - 1)] as number;
    }
    this.#slots = slots;
    this.#generations = generations;
    this.#from = 0;
    return true;
  }
}

/** The client has spoken and the server has not, or has refused. */
function isUnanswered(words: Int32Array, at: number): boolean {
  if (words[at + R.PACKETS_CLIENT] === 0) return false;
  if (words[at + R.PACKETS_SERVER] === 0) return true;
  const flags = words[at + R.FLAGS] as number;
  const isTcp = ((words[at + R.KIND] as number) & 0xff) === TCP;
  return isTcp && (flags & (RecordFlag.rstServer | RecordFlag.established | RecordFlag.synAck)) === RecordFlag.rstServer;
}
