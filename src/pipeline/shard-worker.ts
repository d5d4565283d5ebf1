import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import type { SpscRing } from "#base/spsc-ring.ts";
import type { FrameBlock } from "#contract/source.ts";
import type { ForwardedSteps } from "./forwarded.ts";
import type { GatedRows } from "./gated-alerts.ts";
import type { BlockLines } from "./merge.ts";
import { Shard, type ShardOptions } from "./shard.ts";

/** What a worker sends for each block, in the order of the blocks; all buffers are transferred. */
export interface BlockResult {
  readonly lines: BlockLines;
  readonly facts: ArrayBuffer;
  readonly factCount: number;
  readonly gated: GatedRows | undefined;
  readonly forwarded: ForwardedSteps | undefined;
}

/** What it sends at the end, behind the result of `finish`. */
export interface FinalResult {
  readonly counters: Float64Array;
  readonly kinds: ReadonlyMap<string, number>;
}

/** Item in the ring that asks for the end of all flows of partition 0; of partition p it is `FINISH - p`. */
export const FINISH = -2;

/** Item in the ring that says: secrets of the capture have been posted, and are for the blocks behind this item. */
export const SECRETS = -1000;

/**
 * Body of a worker thread of a file run: takes block numbers from its ring, reads its partitions' frames in the shared
 * block and posts what they said. Blocks the thread while it waits.
 */
export function runShardWorker(options: ShardOptions, ring: SpscRing, blocks: readonly FrameBlock[], port: MessagePort): void {
  const shard = new Shard(options);
  for (let item = ring.pop(); item !== -1; item = ring.pop()) {
    if (item === SECRETS) {
      options.platform.secrets.add((receiveMessageOnPort(port)?.message as string | undefined) ?? "");
      continue;
    }
    if (item <= FINISH) for (let slot = 0; slot >= 0; ) slot = shard.finish(FINISH - item, slot);
    else shard.block(blocks[item] as FrameBlock);
    post(shard, port);
  }
  const final: FinalResult = { counters: shard.counters, kinds: shard.lines.kinds };
  port.postMessage(final);
}

function post(shard: Shard, port: MessagePort): void {
  const { lines, facts } = shard;
  const result: BlockResult = {
    lines: {
      bytes: lines.json.bytes.slice(0, lines.json.length),
      count: lines.count,
      keys: lines.keys.slice(0, lines.count),
      partitions: lines.partitions.slice(0, lines.count),
      ends: lines.ends.slice(0, lines.count),
    },
    facts: facts.copy(),
    factCount: facts.count,
    gated: shard.gated.take(),
    forwarded: shard.forwarded.take(),
  };
  lines.clear();
  facts.clear();
  const { bytes, keys, partitions, ends } = result.lines;
  port.postMessage(result, [bytes.buffer, keys.buffer, partitions.buffer, ends.buffer, result.facts] as ArrayBuffer[]);
}
