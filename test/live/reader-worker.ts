import { parentPort, workerData } from "node:worker_threads";
import { LibpcapSource } from "#capture/live/libpcap-source.ts";
import type { RingOptions } from "#capture/live/live-options.ts";
import { RingSource } from "#capture/live/ring-source.ts";
import { inNetworkNamespace } from "#native/network-namespace.ts";
import { type ReaderReport, type ReaderSetup, Word } from "./reader.ts";

/** Reads one source as the engine does, and keeps what the test wants to look at. */
const setup = workerData as ReaderSetup;
const options: RingOptions = { ...setup.options, stopFlag: setup.words };
const source = setup.kind === "ring" ? new RingSource(options) : new LibpcapSource(options);
const { namespace } = setup;
// What `start` opens, it opens before it first waits.
await (namespace === undefined ? source.start() : inNetworkNamespace(`/run/netns/${namespace}`, () => source.start()));
Atomics.store(setup.words, Word.ready, 1);
Atomics.notify(setup.words, Word.ready);
if (setup.sleepMs > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, setup.sleepMs);

const frames: ReaderReport["frames"][number][] = [];
const report = { clocks: 0, backwards: 0, largestBlock: 0, numbersRight: true, bytes: 0, blocks: 0, empty: 0 };
let count = 0;
let clock = 0;
const cpuFrom = process.threadCpuUsage();
for (;;) {
  const block = await source.next();
  if (block === undefined) break;
  if (block.clock < clock) report.backwards += 1;
  clock = block.clock;
  if (block.firstNumber !== count + 1) report.numbersRight = false;
  if (block.count === 0) report.empty += 1;
  else report.blocks += 1;
  for (let i = 0; i < block.count && frames.length < setup.keep; i++) {
    const at = block.offset[i] as number;
    frames.push({
      bytes: Buffer.from(block.bytes.subarray(at, at + (block.captured[i] as number))).toString("hex"),
      wire: block.wire[i] as number,
      time: block.time[i] as number,
      vlan: block.vlan[i] as number,
      flags: block.flags[i] as number,
      linkType: block.linkType[i] as number,
      delay: (Date.now() * 1000 - (block.time[i] as number)) / 1000,
    });
  }
  count += block.count;
  Atomics.store(setup.words, Word.frames, count);
  source.release(block);
  // As the live views do; the kernel counts from zero after each reading.
  void source.counters;
  Atomics.store(setup.words, Word.damages, source.damage.length);
}
const cpu = process.threadCpuUsage(cpuFrom);
const counters = { ...source.counters };
await source[Symbol.asyncDispose]();
const told: ReaderReport = {
  ...report,
  frames,
  counters,
  damage: source.damage,
  cpuMicros: cpu.user + cpu.system,
  userMicros: cpu.user,
};
parentPort?.postMessage(told, []);
