import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";

/** What detectors have learnt, by name. */
export type Learnt = Readonly<Record<string, unknown>>;

const version = 1;

/**
 * The file `learnt.json` of a folder: what detectors know of the network from earlier runs. It is written beside and
 * then renamed, so that a kill leaves the old one or the new one whole.
 */
export class LearntFile {
  readonly path: string;
  readonly #log: (text: string) => void;

  constructor(directory: string, log: (text: string) => void) {
    this.path = join(directory, "learnt.json");
    this.#log = log;
  }

  /** Nothing when there is no file. One that cannot be read is put aside and said so: its detectors begin anew. */
  load(): Learnt {
    if (!existsSync(this.path)) return {};
    try {
      const { version: found, detectors } = JSON.parse(readFileSync(this.path, "utf8")) as { version?: number; detectors?: Learnt };
      if (found === version && detectors !== undefined) return detectors;
      this.#putAside(`its version is ${String(found)}, this program knows ${version}`);
    } catch (error) {
      this.#putAside((error as Error).message);
    }
    return {};
  }

  /** Says so when it cannot be written, and goes on. */
  save(learnt: Learnt): void {
    const fresh = `${this.path}.new`;
    try {
      const file = openSync(fresh, "w", 0o640);
      try {
        writeSync(file, JSON.stringify({ version, detectors: learnt }));
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(fresh, this.path);
    } catch (error) {
      this.#log(`what was learnt could not be saved in ${this.path}: ${(error as Error).message}`);
    }
  }

  #putAside(why: string): void {
    const aside = `${this.path}.bad`;
    try {
      renameSync(this.path, aside);
      this.#log(`${this.path} cannot be used (${why}): it is ${aside} now, and detectors learn anew`);
    } catch (error) {
      this.#log(`${this.path} cannot be used (${why}), nor put aside: ${(error as Error).message}`);
    }
  }
}
