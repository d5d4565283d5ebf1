import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";

/** What detectors have learnt and which findings are open, by name. */
export type Learnt = Readonly<Record<string, unknown>>;

const version = 1;
/** A larger file is none of ours: baselines, sequences and open findings at their limits are a tenth of it. */
const fileBytesMax = 512 * 1024 * 1024;

/**
 * The file `learnt.json` of a folder: what detectors know of the network from earlier runs, and where findings and risks
 * stood at their end. It is written beside and then renamed, so that a kill leaves the old one or the new one whole.
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
      const { size } = statSync(this.path);
      if (size > fileBytesMax) throw new Error(`it is larger than ${fileBytesMax} bytes`);
      const { version: found, detectors, crc } = JSON.parse(readFileSync(this.path, "utf8")) as Readonly<Record<string, unknown>>;
      if (found !== version || typeof detectors !== "object" || detectors === null)
        throw new Error(`its version is ${String(found)}, this program knows ${version}`);
      if (crc !== undefined && crc !== crc32(JSON.stringify(detectors))) throw new Error("its checksum says that it was changed");
      return detectors as Learnt;
    } catch (error) {
      this.#putAside((error as Error).message);
    }
    return {};
  }

  /** Says so when it cannot be written, and goes on. */
  save(learnt: Learnt): void {
    const fresh = `${this.path}.new`;
    try {
      const detectors = JSON.stringify(learnt);
      const file = openSync(fresh, "w", 0o640);
      try {
        writeFileSync(file, `{"version":${version},"crc":${crc32(detectors)},"detectors":${detectors}}`);
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
