import { closeSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { FileFollower } from "./file-follower.ts";
import { ZeekLog } from "./zeek-log.ts";
import type { ZeekReader } from "./zeek-reader.ts";

/** Logs that are followed at once; Zeek has about seventy. */
const LOGS_MAX = 128;
const LOOK_MS = 1000;
/** Head of a log in which its directives stand. */
const HEAD_BYTES = 65_536;

interface Followed {
  readonly log: ZeekLog;
  readonly follower: FileFollower;
}

/** Follows one log of Zeek's, or all that are and will be in a directory (`current/`, without the archives beside). */
export class ZeekFollower {
  readonly path: string;
  /** Why nothing can be read, if nothing can. */
  trouble: string | undefined;
  readonly #reader: ZeekReader;
  readonly #from: "start" | "end";
  readonly #followed = new Map<string, Followed>();
  #timer: NodeJS.Timeout | undefined;

  constructor(path: string, reader: ZeekReader, from: "start" | "end") {
    this.path = path;
    this.#reader = reader;
    this.#from = from;
  }

  get bad(): number {
    return this.#sum(({ log, follower }) => log.bad + follower.tooLong);
  }

  get rotations(): number {
    return this.#sum(({ follower }) => follower.rotations);
  }

  start(): void {
    this.#look(this.#from);
    this.#timer = setInterval(() => this.#look("start"), LOOK_MS);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all([...this.#followed.values()].map(({ follower }) => follower[Symbol.asyncDispose]()));
  }

  #sum(of: (followed: Followed) => number): number {
    return [...this.#followed.values()].reduce((sum, followed) => sum + of(followed), 0);
  }

  #look(from: "start" | "end"): void {
    try {
      const isDirectory = statSync(this.path).isDirectory();
      const paths = isDirectory
        ? readdirSync(this.path)
            .filter(isCurrent)
            .map((name) => join(this.path, name))
        : [this.path];
      for (const path of paths) if (!this.#followed.has(path) && this.#followed.size < LOGS_MAX) this.#follow(path, from);
      this.trouble = undefined;
    } catch (error) {
      this.trouble = (error as Error).message;
    }
  }

  #follow(path: string, from: "start" | "end"): void {
    const log = new ZeekLog(basename(path).replace(/\.log.*$/, ""));
    if (from === "end") readHead(path, log);
    const follower = new FileFollower(path, {
      from,
      onLine: (line) => {
        const record = log.line(line);
        if (record !== undefined) this.#reader.record(log.name, record);
      },
    });
    this.#followed.set(path, { log, follower });
    follower.start();
  }
}

/** `conn.log`; archives are called `conn.00:00:00-01:00:00.log.gz` or `conn-20-01-31_….log`. */
const isCurrent = (name: string): boolean => /^[a-z][a-z0-9_]*\.log$/.test(name);

/** A TSV log that is read from its end still needs what its head says. */
function readHead(path: string, log: ZeekLog): void {
  const file = openSync(path, "r");
  try {
    const buffer = Buffer.alloc(HEAD_BYTES);
    const text = buffer.toString("utf8", 0, readSync(file, buffer, 0, HEAD_BYTES, 0));
    for (const line of text.split("\n")) {
      if (!line.startsWith("#")) return;
      log.line(line);
    }
  } finally {
    closeSync(file);
  }
}
