import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { crc32 } from "node:zlib";
import { OddwireError } from "#contract/errors.ts";

export interface KeptFileOptions {
  readonly path: string;
  /** Version of what is inside; another one is not read. */
  readonly version: number;
  /** Member of the file that holds it. */
  readonly member: string;
  readonly bytesMax: number;
  /** What it means that the file cannot be used: `detectors learn anew`. */
  readonly consequence: string;
  readonly log: (text: string) => void;
}

/**
 * A file of JSON that the program writes for its next start. It is written beside and then renamed, so that a kill leaves
 * the old one or the new one whole; a checksum says when it was damaged otherwise.
 */
export class KeptFile {
  readonly #options: KeptFileOptions;

  constructor(options: KeptFileOptions) {
    this.#options = options;
  }

  get path(): string {
    return this.#options.path;
  }

  /** `undefined` when there is no file. One that cannot be read is put aside and said so. */
  load(): object | undefined {
    const { path, version, member, bytesMax } = this.#options;
    if (!existsSync(path)) return undefined;
    try {
      if (statSync(path).size > bytesMax) throw new Error(`it is larger than ${bytesMax} bytes`);
      const file = JSON.parse(readFileSync(path, "utf8")) as Readonly<Record<string, unknown>>;
      const content = file[member];
      if (file["version"] !== version || typeof content !== "object" || content === null)
        throw new Error(`its version is ${String(file["version"])}, this program knows ${version}`);
      const crc = file["crc"];
      if (crc !== undefined && crc !== crc32(JSON.stringify(content))) throw new Error("its checksum says that it was changed");
      return content;
    } catch (error) {
      this.putAside((error as Error).message);
      return undefined;
    }
  }

  /** It is on the disk when this returns. Throws ODW_OUT_UNWRITABLE. */
  save(content: object): void {
    const { path, version, member } = this.#options;
    const fresh = `${path}.new`;
    try {
      const text = JSON.stringify(content);
      const file = openSync(fresh, "w", 0o640);
      try {
        writeFileSync(file, `{"version":${version},"crc":${crc32(text)},"${member}":${text}}`);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(fresh, path);
    } catch (error) {
      throw new OddwireError("ODW_OUT_UNWRITABLE", { path, cause: (error as Error).message }, { cause: error });
    }
  }

  /** Moves the file away, for people to look at, and says so. */
  putAside(why: string): void {
    const { path, consequence, log } = this.#options;
    const aside = `${path}.bad`;
    try {
      renameSync(path, aside);
      log(`${path} cannot be used (${why}): it is ${aside} now, and ${consequence}`);
    } catch (error) {
      log(`${path} cannot be used (${why}), nor put aside: ${(error as Error).message}`);
    }
  }
}
