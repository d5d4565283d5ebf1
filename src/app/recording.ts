import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { ChunkRing } from "#capture/record/chunk-ring.ts";
import type { RecordingSetup } from "#capture/record/frame-recorder.ts";
import { RecordingPlan } from "#capture/record/recording-plan.ts";
import type { Config } from "#schema/config.ts";
import type { RecordingThreadData } from "./recording-thread.ts";

/** What an engine thread needs to record. */
export interface ThreadRecording {
  readonly setup: RecordingSetup;
  readonly ring: SharedArrayBuffer;
  readonly isFirst: boolean;
}

/** The thread that writes the packets which engine threads capture, and what they share with it. */
export class Recording {
  /** For each engine thread. */
  readonly threads: readonly ThreadRecording[];
  readonly #config: Config;
  readonly #plan: RecordingPlan;
  readonly #log: (text: string) => void;
  #exit: Promise<unknown> | undefined;

  constructor(config: Config, threads: number, log: (text: string) => void) {
    const setup: RecordingSetup = {
      directory: config["record.directory"],
      snapBytes: config["record.snap-bytes"],
      fileBytesMax: config["record.file-bytes"],
      fileSeconds: config["record.file-s"],
      plan: RecordingPlan.memory(),
    };
    this.#config = config;
    this.#log = log;
    this.#plan = new RecordingPlan(setup.plan, setup);
    this.threads = Array.from({ length: threads }, (_, index) => ({
      setup,
      ring: ChunkRing.memory(config["record.buffer-bytes"]),
      isFirst: index === 0,
    }));
  }

  start(): void {
    const [{ setup }] = this.threads as readonly [ThreadRecording];
    const workerData: RecordingThreadData = {
      setup,
      rings: this.threads.map(({ ring }) => ring),
      bytesMax: this.#config["record.bytes-max"],
      ageSecondsMax: this.#config["record.retention-hours"] * 3600,
    };
    const worker = new Worker(new URL("./recording-thread.ts", import.meta.url), { workerData, name: "recording" });
    worker.on("message", (text: string) => this.#log(text));
    worker.on("error", (error) => this.#log(`a bug ended the recording: ${String(error)}`));
    this.#exit = once(worker, "exit").catch(() => undefined);
  }

  /** Writes what is there. Call it when the engine threads have ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#plan.stop();
    await this.#exit;
  }
}
