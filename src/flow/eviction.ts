import { RecordFlag } from "#schema/flow-record.ts";
import type { FlowTable } from "./flow-table.ts";
import * as R from "./record.generated.ts";
import { lastTime, type Timeouts } from "./timeouts.ts";

/** Slots among which the least active flow is evicted when the table is full. */
const evictionSample = 64;

/** The least active flow of a sample that begins at `hand`; one that never got an answer goes before one that did. */
export function leastActive(table: FlowTable, timeouts: Timeouts, hand: number): number {
  let victim = -1;
  let oldest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < evictionSample; i++) {
    const slot = (hand + i) % table.highWater;
    const flags = table.words[slot * R.RECORD_WORDS + R.FLAGS] as number;
    if ((flags & RecordFlag.alive) === 0) continue;
    const age = lastTime(table, slot) + ((flags & RecordFlag.established) === 0 ? 0 : timeouts.of(table, slot));
    if (age >= oldest) continue;
    oldest = age;
    victim = slot;
  }
  return victim;
}

/** Where the next sample begins. */
export const afterSample = (table: FlowTable, hand: number): number => (hand + evictionSample) % table.highWater;
