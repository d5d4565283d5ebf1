import { parentPort, workerData } from "node:worker_threads";
import { reopenThrough } from "#app/opener-channel.ts";
import type { Fanout } from "#capture/live/live-options.ts";
import { RingSource } from "#capture/live/ring-source.ts";

/** A reading thread of the test's engine. Words: 0 stop, 1 rights are dropped, 2 and 3 frames by worker. */
export interface EngineSetup {
  readonly name: string;
  readonly fd: number;
  readonly channel: number;
  readonly words: Int32Array;
  readonly index: number;
  readonly fanout: Fanout;
}

const { name, fd, channel, words, index, fanout } = workerData as EngineSetup;
Atomics.wait(words, 1, 0);
const options = { interface: name, fd, ringBytes: 4_194_304, retireMs: 8, snapBytes: 262_144, promiscuous: true, fanout, stopFlag: words };
const source = new RingSource(options, reopenThrough(channel));
await source.start();
parentPort?.postMessage({ worker: index }, []);
let told = 0;
for (;;) {
  const block = await source.next();
  if (block === undefined) break;
  Atomics.add(words, 2 + index, block.count);
  if (block.count > 0) parentPort?.postMessage({ worker: index, frames: source.counters.frames }, []);
  source.release(block);
  for (; told < source.damage.length; told++) parentPort?.postMessage({ worker: index, damage: source.damage[told]?.reason }, []);
}
await source[Symbol.asyncDispose]();
