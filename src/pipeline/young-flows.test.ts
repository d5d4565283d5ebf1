import { describe, expect, test } from "vitest";
import type { Partition } from "#flow/partition.ts";
import * as R from "#flow/record.generated.ts";
import { RecordFlag } from "#schema/flow-record.ts";
import { FactRows } from "./facts.ts";
import { YoungFlows } from "./young-flows.ts";

const seconds = (count: number): number => count * 1_000_000;

/** As much of a partition as is looked at: a table of records, and its clock. */
function partitionOf(slots: number): Partition & { clock: number } {
  const memory = new ArrayBuffer(slots * R.RECORD_WORDS * 4);
  const table = { words: new Int32Array(memory), doubles: new Float64Array(memory) };
  return { id: 3, number: 7, time: 0, clock: 0, ticking: false, table } as unknown as Partition & { clock: number };
}

interface Flow {
  readonly began?: number;
  readonly packets?: readonly [number, number];
  readonly flags?: number;
  readonly protocol?: number;
}

function begin(young: YoungFlows, partition: Partition, slot: number, flow: Flow = {}): void {
  const { words, doubles } = partition.table;
  const at = slot * R.RECORD_WORDS;
  const [client, server] = flow.packets ?? [1, 0];
  words[at + R.GENERATION] = (words[at + R.GENERATION] as number) + 1;
  words[at + R.FLAGS] = RecordFlag.alive | (flow.flags ?? 0);
  words[at + R.KIND] = flow.protocol ?? 6;
  words[at + R.PACKETS_CLIENT] = client;
  words[at + R.PACKETS_CLIENT + 1] = server;
  doubles[slot * R.RECORD_DOUBLES + R.FIRST_TIME] = flow.began ?? 0;
  young.add(partition, slot);
}

function toldAt(young: YoungFlows, partition: Partition & { clock: number }, time: number): number {
  const facts = new FactRows();
  partition.clock = time;
  young.tell(partition, facts);
  return facts.count;
}

describe("flows that wait for an answer", () => {
  test.each<[string, Flow, number]>([
    ["a SYN in silence", {}, 1],
    ["a SYN that was refused", { packets: [1, 1], flags: RecordFlag.rstServer }, 1],
    ["a connection that was reset later", { packets: [3, 2], flags: RecordFlag.rstServer | RecordFlag.synAck }, 0],
    ["a connection", { packets: [2, 1], flags: RecordFlag.synAck }, 0],
    ["a datagram in silence", { protocol: 17 }, 1],
    ["a datagram with an answer", { protocol: 17, packets: [1, 1] }, 0],
    ["what only the server sends", { packets: [0, 1] }, 0],
  ])("%s", (_case, flow, expected) => {
    const young = new YoungFlows();
    const partition = partitionOf(4);
    begin(young, partition, 2, flow);
    expect(toldAt(young, partition, seconds(3.9))).toBe(0);
    expect(toldAt(young, partition, seconds(4))).toBe(expected);
    expect(toldAt(young, partition, seconds(9))).toBe(0);
  });

  test("a slot that another flow has taken is that one's", () => {
    const young = new YoungFlows();
    const partition = partitionOf(1);
    begin(young, partition, 0);
    partition.table.words[R.FLAGS] = 0;
    begin(young, partition, 0, { began: seconds(3) });
    expect(toldAt(young, partition, seconds(5))).toBe(0);
    expect(toldAt(young, partition, seconds(7))).toBe(1);
  });

  test("told flows are marked", () => {
    const young = new YoungFlows();
    const partition = partitionOf(1);
    begin(young, partition, 0);
    toldAt(young, partition, seconds(5));
    expect((partition.table.words[R.FLAGS] as number) & RecordFlag.waited).not.toBe(0);
  });

  test("more than can be waited for: the first ones are told, and room comes again", () => {
    const young = new YoungFlows();
    const partition = partitionOf(40_000);
    for (let slot = 0; slot < 40_000; slot++) begin(young, partition, slot);
    expect(toldAt(young, partition, seconds(4))).toBe(32_768);
    begin(young, partition, 5, { began: seconds(5) });
    expect(toldAt(young, partition, seconds(9))).toBe(1);
  });
});
