/** Entry of a worker thread of a file run. */
import { parentPort, workerData } from "node:worker_threads";
import { assert } from "#base/assert.ts";
import { SpscRing } from "#base/spsc-ring.ts";
import { attachFrameBlock, type FrameBlockLayout } from "#capture/block.ts";
import type { ForwardClaim } from "#contract/forward.ts";
import type { RuleMaterial } from "#contract/inspector.ts";
import { openPlugins } from "#contract/plugin.ts";
import type { FactWish } from "#pipeline/facts.ts";
import { createNodePlatform } from "#pipeline/node-platform.ts";
import { runShardWorker } from "#pipeline/shard-worker.ts";
import type { Config } from "#schema/config.ts";
import { keyLogOf } from "./key-log-file.ts";
import { type PlaceFile, placesOf } from "./place-files.ts";
import { enabledPlugins } from "./plugins.ts";
import { ruleLiterals } from "./rule-literals.ts";

/** What the main thread gives to the worker. */
export interface ShardWorkerData {
  readonly config: Config;
  readonly partitions: readonly number[];
  readonly ring: SharedArrayBuffer;
  readonly facts: FactWish;
  readonly rules?: RuleMaterial | undefined;
  readonly claims?: readonly ForwardClaim[] | undefined;
  readonly places: readonly PlaceFile[];
  readonly blocks: readonly { readonly memory: SharedArrayBuffer; readonly layout: FrameBlockLayout }[];
}

const data = workerData as ShardWorkerData;
assert(parentPort !== null, "runs as a worker thread only");
runShardWorker(
  {
    config: data.config,
    plugins: data.rules === undefined ? enabledPlugins(data.config) : await openPlugins(enabledPlugins(data.config)),
    platform: createNodePlatform(
      keyLogOf(data.config),
      data.config["files.extract"],
      await ruleLiterals(data.config, data.rules),
      placesOf(data.places),
    ),
    partitions: data.partitions,
    facts: data.facts,
    rules: data.rules,
    claims: data.claims,
  },
  new SpscRing(data.ring),
  data.blocks.map(({ memory, layout }) => attachFrameBlock(memory, layout)),
  parentPort,
);
