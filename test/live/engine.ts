import { writeFileSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { endWithOpener, receiveSockets } from "#app/opener-channel.ts";
import { chooseUser, dropRights, prepareDirectory, threadStates } from "#app/rights.ts";
import type { EngineSetup } from "./engine-worker.ts";

/** The least engine that lives behind the opener: it follows the order of opener.ts and tells the test what it sees. */
const tell = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

const [mode = "", directory = ""] = process.argv.slice(2);
const opened = receiveSockets();
if (opened === undefined) throw new Error("no opener");

if (directory !== "") prepareDirectory(directory, chooseUser(undefined));
const words = new Int32Array(new SharedArrayBuffer(16));
const gate = new Int32Array(new SharedArrayBuffer(4));
const fanout = { group: process.pid & 0xffff, workers: opened.workers.length, gate };
const workers = opened.workers.map((worker, index) => {
  const workerData: EngineSetup = {
    name: opened.interfaces[0] ?? "",
    fd: worker.sockets[0] ?? -1,
    channel: worker.channel,
    words,
    index,
    fanout,
  };
  return new Worker(new URL("./engine-worker.ts", import.meta.url), { workerData });
});
const dropped = dropRights();
if (!endWithOpener(opened)) process.exit(1);
Atomics.store(words, 1, 1);
Atomics.notify(words, 1);
if (directory !== "") writeFileSync(`${directory}/eve.json`, "{}\n");

let signals = 0;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    signals += 1;
    tell({ signal });
    // Time for a second one that must not come.
    setTimeout(() => {
      Atomics.store(words, 0, 1);
      process.exitCode = 6 + signals;
    }, 300);
  });
}
workers.forEach((worker) => void worker.on("message", (line: object) => tell(line)));
await Promise.all(workers.map((worker) => new Promise((resolve) => void worker.once("message", resolve))));
const sets = ["Uid", "CapEff", "CapPrm", "CapBnd", "CapAmb", "NoNewPrivs"].map((name) => [
  name,
  [...new Set(threadStates().map((thread) => thread.fields.get(name)))],
]);
tell({ ready: process.pid, threads: dropped.threads, sets: Object.fromEntries(sets) });
if (mode === "crash") process.kill(process.pid, "SIGSEGV");
