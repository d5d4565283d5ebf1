/** Entry of a thread of a live run: waits for the word to go, then captures until its source ends. */
import { parentPort, workerData } from "node:worker_threads";
import { assert } from "#base/assert.ts";
import type { ForwardClaim } from "#contract/forward.ts";
import type { RuleMaterial } from "#contract/inspector.ts";
import { openPlugins } from "#contract/plugin.ts";
import type { PacketRecorder } from "#contract/recorder.ts";
import { PARTITIONS } from "#flow/key.ts";
import { Backlog } from "#pipeline/backlog.ts";
import type { FactWish } from "#pipeline/facts.ts";
import { runLiveLoop } from "#pipeline/live-loop.ts";
import { createNodePlatform } from "#pipeline/node-platform.ts";
import type { Config } from "#schema/config.ts";
import { makeSource, type SourceSpec } from "./engine-source.ts";
import { keyLogOf } from "./key-log-file.ts";
import { type PlaceFile, placesOf } from "./place-files.ts";
import { enabledPlugins } from "./plugins.ts";
import type { ThreadRecording } from "./recording.ts";
import { ruleLiterals } from "./rule-literals.ts";

/** What the main thread gives to the thread. */
export interface EngineThreadData {
  readonly config: Config;
  readonly source: SourceSpec;
  readonly facts: FactWish;
  readonly rules?: RuleMaterial | undefined;
  readonly claims?: readonly ForwardClaim[] | undefined;
  readonly places: readonly PlaceFile[];
  readonly recording?: ThreadRecording | undefined;
  /** Shared: word 0 is not 0 when the thread is to stop. */
  readonly stop: Int32Array;
  /** Shared: what waits for the main thread. */
  readonly backlog: Int32Array;
}

const { config, source: spec, facts, rules, claims, places, recording, stop, backlog } = workerData as EngineThreadData;
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
  platform: createNodePlatform(keyLogOf(config), config["files.extract"], await ruleLiterals(config, rules), placesOf(places)),
  partitions: Array.from({ length: PARTITIONS }, (_, id) => id),
  facts,
  rules,
  claims,
  recorder: recording === undefined ? undefined : await recorderOf(recording),
  source,
  port,
  backlog: new Backlog(backlog),
});
clearInterval(watch);

/** Its code is loaded where packets are recorded. */
async function recorderOf({ setup, ring, isFirst }: ThreadRecording): Promise<PacketRecorder> {
  const { FrameRecorder } = await import("#capture/record/frame-recorder.ts");
  return new FrameRecorder(setup, ring, isFirst);
}
