import { describe, expect, test } from "vitest";
import { attachFrameBlock, BlockPoolMemory, createFrameBlock, POISON } from "./block.ts";

const LAYOUT = { bytesMax: 8192, framesMax: 33 };

describe("a block", () => {
  test("of shared memory is the same block in another thread", () => {
    const block = createFrameBlock({ ...LAYOUT, shared: true });
    const other = attachFrameBlock(block.buffer as SharedArrayBuffer, block.layout);
    block.count = 33;
    block.firstNumber = 2 ** 40;
    block.clock = 1_600_000_000_123_456;
    block.time[32] = 1.5;
    block.offset[32] = 1;
    block.captured[32] = 2;
    block.wire[32] = 3;
    block.vlan[32] = 0x8100_0005;
    block.linkType[32] = 65_535;
    block.flags[32] = 64;
    block.interfaceIndex[32] = 255;
    block.partition[32] = 15;
    block.bytes[8191] = 7;
    const { count, firstNumber, clock } = other;
    expect({ count, firstNumber, clock }).toEqual({ count: 33, firstNumber: 2 ** 40, clock: 1_600_000_000_123_456 });
    const row = [
      other.time,
      other.offset,
      other.captured,
      other.wire,
      other.vlan,
      other.linkType,
      other.flags,
      other.interfaceIndex,
      other.partition,
    ];
    expect(row.map((column) => column[32])).toEqual([1.5, 1, 2, 3, 0x8100_0005, 65_535, 64, 255, 15]);
    expect(other.view.getUint8(8191)).toBe(7);
    expect(other.bytes.length).toBe(8192);
  });

  test("of plain memory has columns that do not overlap", () => {
    const block = createFrameBlock({ ...LAYOUT, shared: false });
    block.bytes.fill(1);
    block.partition.fill(2);
    block.time.fill(3);
    expect(block.count).toBe(0);
    expect([...block.partition].every((value) => value === 2)).toBe(true);
    expect([...block.interfaceIndex].every((value) => value === 0)).toBe(true);
  });

  test("cannot be attached with another layout", () => {
    const block = createFrameBlock({ ...LAYOUT, shared: true });
    expect(() => attachFrameBlock(block.buffer as SharedArrayBuffer, { ...LAYOUT, framesMax: 400 })).toThrow("size of its layout");
  });
});

describe("a pool", () => {
  test("lets takers wait in line until a block is released", async () => {
    const pool = new BlockPoolMemory({ ...LAYOUT, shared: false, blocks: 1 });
    const block = await pool.take();
    const order: string[] = [];
    const first = pool.take().then((taken) => {
      order.push("first");
      pool.release(taken);
    });
    const second = pool.take().then(() => order.push("second"));
    expect(pool.free).toBe(0);
    pool.release(block);
    await Promise.all([first, second]);
    expect(order).toEqual(["first", "second"]);
  });

  test("overwrites what is released when it shall", async () => {
    const pool = new BlockPoolMemory({ ...LAYOUT, shared: true, blocks: 2, poison: true });
    const block = await pool.take();
    block.bytes.fill(1);
    block.count = 3;
    pool.release(block);
    expect([block.bytes[0], block.bytes[8191], block.flags[0], block.count]).toEqual([POISON, POISON, POISON, 0]);
  });

  test("refuses foreign blocks and blocks that it has", async () => {
    const pool = new BlockPoolMemory({ ...LAYOUT, shared: false, blocks: 1 });
    const block = await pool.take();
    pool.release(block);
    expect(() => pool.release(block)).toThrow("released once");
    expect(() => pool.release(createFrameBlock({ ...LAYOUT, shared: false }))).toThrow("pool that it came from");
  });
});
