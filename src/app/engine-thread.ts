/** Entry of a thread of a live run: waits for the word to go, then captures until its source ends. */
import { parentPort, workerData } from "node:worker_threads";
import { assert } from "#base/assert.ts";
import type { ForwardClaim } from "#contract/forward.ts";
import type { RuleMaterial } from "#contract/inspector.ts";
import { openPlugins } from "#contract/plugin.ts";
import { PARTITIONS } from "#flow/key.ts";
import type { FactWish } from "#pipeline/facts.ts";
import { runLiveLoop } from "#pipeline/live-loop.ts";
import { createNodePlatform } from "#pipeline/node-platform.ts";
import type { Config } from "#schema/config.ts";
import { makeSource, type SourceSpec } from "./engine-source.ts";
import { keyLogOf } from "./key-log-file.ts";
import { enabledPlugins } from "./plugins.ts";
import { ruleLiterals } from "./rule-literals.ts";

/** What the main thread gives to the thread. */
export interface EngineThreadData {
  readonly config: Config;
  readonly source: SourceSpec;
  readonly facts: FactWish;
  readonly rules?: RuleMaterial | undefined;
  readonly claims?: readonly ForwardClaim[] | undefined;
  /** Shared: word 0 is not 0 when the thread is to stop. */
  readonly stop: Int32Array;
}

const { config, source: spec, facts, rules, claims, stop } = workerData as EngineThreadData;
assert(parentPort !== null, "runs as a worker thread only");
const port = parentPort;

const source = await makeSource(spec, stop);
// Sources that wait with promises are told to stop.
const watch = setInterval(() => {
  if (Atomics.load(stop, 0) !== 0) source.stop();
}, 50);
await runLiveLoop({
  config,
  plugins: await openPlugins(enabledPlugins(config)),
  platform: createNodePlatform(keyLogOf(config), config["files.extract"], await ruleLiterals(config, rules)),
  partitions: Array.from({ length: PARTITIONS }, (_, id) => id),
  facts,
  rules,
  claims,
  source,
  port,
});
clearInterval(watch);
