import { join } from "node:path";
import { KeptFile } from "./kept-file.ts";

/** What detectors have learnt and which findings are open, by name. */
export type Learnt = Readonly<Record<string, unknown>>;

/** A larger file is none of ours: baselines, sequences and open findings at their limits are a tenth of it. */
const fileBytesMax = 512 * 1024 * 1024;

/**
 * The file `learnt.json` of a folder: what detectors know of the network from earlier runs, and where findings and risks
 * stood at their end.
 */
export class LearntFile {
  readonly #file: KeptFile;
  readonly #log: (text: string) => void;

  constructor(directory: string, log: (text: string) => void) {
    this.#log = log;
    this.#file = new KeptFile({
      path: join(directory, "learnt.json"),
      version: 1,
      member: "detectors",
      bytesMax: fileBytesMax,
      consequence: "detectors learn anew",
      log,
    });
  }

  get path(): string {
    return this.#file.path;
  }

  /** Nothing when there is no file, or it cannot be read. */
  load(): Learnt {
    return { ...this.#file.load() };
  }

  /** Says so when it cannot be written, and goes on. */
  save(learnt: Learnt): void {
    try {
      this.#file.save(learnt);
    } catch (error) {
      this.#log(`what was learnt could not be saved: ${(error as Error).message}`);
    }
  }
}
