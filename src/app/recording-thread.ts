/** Entry of the thread that writes packets of live capture to the disk. */
import { parentPort, workerData } from "node:worker_threads";
import { assert } from "#base/assert.ts";
import { RecordingWriter, type WriterOptions } from "#capture/record/recording-writer.ts";

/** What the main thread gives to the thread. */
export type RecordingThreadData = Omit<WriterOptions, "onTrouble">;

assert(parentPort !== null, "runs as a worker thread only");
const port = parentPort;
new RecordingWriter({ ...(workerData as RecordingThreadData), onTrouble: (text) => port.postMessage(text) }).run();
