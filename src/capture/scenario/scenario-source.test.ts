import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { BlockPoolMemory } from "#capture/block.ts";
import type { FrameBlock } from "#contract/source.ts";
import { defaultStartTime } from "./playback.ts";
import { ScenarioSource } from "./scenario-source.ts";

const pool = (bytesMax = 1 << 19, framesMax = 8192): BlockPoolMemory =>
  new BlockPoolMemory({ bytesMax, framesMax, blocks: 2, shared: false, poison: true });

async function each(source: ScenarioSource, see: (block: FrameBlock) => void): Promise<void> {
  await source.start();
  for (let block = await source.next(); block !== undefined; block = await source.next()) {
    see(block);
    source.release(block);
  }
}

async function digest(seed: number, seconds: number, blocks = pool()): Promise<string> {
  const hash = createHash("sha256");
  await each(new ScenarioSource({ seed, seconds, pool: blocks }), (block) => {
    for (let i = 0; i < block.count; i++) {
      const from = block.offset[i] as number;
      hash.update(String(block.time[i])).update(block.bytes.subarray(from, from + (block.captured[i] as number)));
    }
  });
  return hash.digest("hex");
}

describe("scenario", () => {
  test("a seed gives the same bytes each time, another seed others", async () => {
    const first = await digest(1, 20);
    expect(await digest(1, 20)).toBe(first);
    expect(await digest(2, 20)).not.toBe(first);
  });

  test.each([
    ["blocks of one frame", 2_000, 1],
    ["blocks of 4 KB", 4_096, 100],
    ["blocks of 8 MB", 1 << 23, 100_000],
  ])("%s hold the same frames", async (_case, bytesMax, framesMax) => {
    expect(await digest(3, 8, pool(bytesMax, framesMax))).toBe(await digest(3, 8));
  });

  test("frames come in order, numbered, blocks span less than a second, and it ends in time", async () => {
    let number = 1;
    let last = defaultStartTime;
    await each(new ScenarioSource({ seed: 1, seconds: 60, pool: pool() }), (block) => {
      expect(block.firstNumber).toBe(number);
      number += block.count;
      expect((block.time[block.count - 1] as number) - (block.time[0] as number)).toBeLessThan(1e6);
      for (let i = 0; i < block.count; i++) {
        const time = block.time[i] as number;
        if (time < last || block.captured[i] !== block.wire[i] || (block.captured[i] as number) < 60)
          expect.unreachable(`frame ${i} of ${number}`);
        last = time;
      }
      expect(block.clock).toBe(last);
    });
    expect(number).toBeGreaterThan(60 * 200);
    expect(last).toBeLessThan(defaultStartTime + 60e6);
  });

  test("it repeats until it is stopped, and the second round is not the first", async () => {
    const source = new ScenarioSource({ seed: 1, repeat: true, pool: pool(), startTime: 5e12 });
    const counts = new Map<number, number>();
    await each(source, (block) => {
      const round = Math.floor((block.clock - 5e12) / 300e6);
      counts.set(round, (counts.get(round) ?? 0) + block.count);
      if (round === 2) source.stop();
    });
    expect(counts.get(0)).not.toBe(counts.get(1));
    for (const round of [0, 1]) expect(counts.get(round)).toBeGreaterThan(300 * 300);
    for (const round of [0, 1]) expect(counts.get(round)).toBeLessThan(300 * 900);
  });
});
