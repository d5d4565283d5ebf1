import { closeSync, existsSync, mkdirSync, openSync, renameSync, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";
import { threadId } from "node:worker_threads";
import type { FileCopy } from "#contract/platform.ts";

/**
 * Files taken out of the traffic, in one folder. Their names are digests; while they are written they are called
 * `.part-…`. What cannot be written is given up without a word to the shard: the event says `stored: false`.
 */
export class FolderCopies {
  readonly #folder: string;
  #count = 0;
  #made = false;

  constructor(folder: string) {
    this.#folder = folder;
  }

  begin(): FileCopy | undefined {
    const path = join(this.#folder, `.part-${process.pid}-${threadId}-${this.#count++}`);
    let file: number;
    try {
      if (!this.#made) mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      this.#made = true;
      file = openSync(path, "wx", 0o600);
    } catch {
      return undefined;
    }
    return {
      write: (bytes, from, to) => attempt(() => writeAll(file, bytes, from, to)),
      keep: (name) => attempt(() => keep(file, path, join(this.#folder, name))),
      drop: () => void attempt(() => drop(file, path)),
    };
  }
}

function writeAll(file: number, bytes: Uint8Array, from: number, to: number): void {
  for (let at = from; at < to; ) at += writeSync(file, bytes, at, to - at);
}

/** The same bytes under the same name are there already when the file came twice. */
function keep(file: number, path: string, final: string): void {
  closeSync(file);
  if (existsSync(final)) unlinkSync(path);
  else renameSync(path, final);
}

function drop(file: number, path: string): void {
  closeSync(file);
  unlinkSync(path);
}

function attempt(action: () => void): boolean {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}
