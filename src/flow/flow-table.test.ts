import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FlowTable } from "./flow-table.ts";
import { fillRow, rowsOf, type TestPacket } from "./testing.ts";

const findOrCreate = (table: FlowTable, packet: TestPacket): { slot: number; side: number; created: boolean } => {
  const columns = rowsOf(packet);
  const hash = table.hash(columns, 0);
  const found = table.find(columns, 0, hash);
  if (found >= 0) return { slot: found, side: table.side, created: false };
  return { slot: table.create(columns, 0, hash, false), side: table.side, created: true };
};

const slotsOf = (seed: number): number[] => {
  const table = new FlowTable(3000, seed);
  const columns = rowsOf({});
  return Array.from({ length: 3000 }, (_, i) => {
    fillRow(columns, 0, { sourcePort: i & 0xffff, source: 0x0a000000 + (i >> 4) });
    return table.create(columns, 0, table.hash(columns, 0), false);
  });
};

describe("flow table", () => {
  test.each<[string, TestPacket, TestPacket, { created: boolean; side: number }]>([
    ["the same packet again finds its flow", {}, {}, { created: false, side: 0 }],
    [
      "the answer finds it from the other side",
      {},
      { source: 0x0a000002, target: 0x0a000001, sourcePort: 2000, targetPort: 1000 },
      { created: false, side: 1 },
    ],
    [
      "addresses that change places without their ports are another flow",
      {},
      { source: 0x0a000002, target: 0x0a000001 },
      { created: true, side: 0 },
    ],
    ["another port is another flow", {}, { targetPort: 2001 }, { created: true, side: 0 }],
    ["another protocol is another flow", {}, { protocol: 6 }, { created: true, side: 0 }],
    ["another VLAN is another flow", {}, { vlan: 0x1005 }, { created: true, side: 0 }],
    ["another tunnel is another flow", {}, { tunnel: 0x0500_0001 }, { created: true, side: 0 }],
    [
      "an echo reply belongs to its request",
      { protocol: 1, sourcePort: 8, targetPort: 0 },
      { protocol: 1, source: 0x0a000002, target: 0x0a000001, sourcePort: 0, targetPort: 0 },
      { created: false, side: 1 },
    ],
    [
      "a destination unreachable of the other side is a flow of its own",
      { protocol: 1, sourcePort: 3, targetPort: 1 },
      { protocol: 1, source: 0x0a000002, target: 0x0a000001, sourcePort: 3, targetPort: 1 },
      { created: true, side: 0 },
    ],
  ])("%s", (_case, first, second, expected) => {
    const table = new FlowTable(1024, 7);
    findOrCreate(table, first);
    const { created, side } = findOrCreate(table, second);
    expect({ created, side }).toEqual(expected);
  });

  test("any mix of creating, finding and removing agrees with a plain map", () => {
    const operations = fc.array(fc.tuple(fc.nat(400), fc.boolean(), fc.nat(3)), { maxLength: 3000 });
    fc.assert(
      fc.property(operations, fc.nat(), (steps, seed) => {
        const table = new FlowTable(4096, seed);
        const model = new Map<number, number>();
        for (const [port, back, what] of steps) {
          const packet = back
            ? { source: 0x0a000002, target: 0x0a000001, sourcePort: 53, targetPort: 5000 + port }
            : { sourcePort: 5000 + port, targetPort: 53 };
          const known = model.get(port);
          if (what === 3 && known !== undefined) {
            table.remove(known);
            model.delete(port);
            continue;
          }
          const { slot, created } = findOrCreate(table, packet);
          expect(created).toBe(known === undefined);
          if (known !== undefined) expect(slot).toBe(known);
          model.set(port, slot);
        }
        expect(table.live).toBe(model.size);
      }),
      { seed: 1, numRuns: 40 },
    );
  });

  test("slots do not depend on the seed, and a full table says so", () => {
    expect(slotsOf(1)).toEqual(slotsOf(99));
    const table = new FlowTable(2, 1);
    findOrCreate(table, { sourcePort: 1 });
    findOrCreate(table, { sourcePort: 2 });
    expect(table.full).toBe(true);
  });
});
