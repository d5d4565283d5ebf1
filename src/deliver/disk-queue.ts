import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface DiskQueueOptions {
  readonly messagesMax: number;
  readonly bytesMax: number;
}

/** A message that waits. */
export interface Queued {
  readonly id: string;
  /** Wall clock when it was put in, ms since 1970. */
  readonly at: number;
  readonly body: string;
}

const digits = 15;
const pattern = /^\d{15}\.json$/;

/**
 * Messages of one target, each a file of its own that appears whole: what is in it is there after `kill -9`, and is gone
 * once it was delivered. The oldest are given up when there are too many or they are too large together.
 */
export class DiskQueue {
  /** Messages that were given up. */
  dropped = 0;
  readonly #directory: string;
  readonly #options: DiskQueueOptions;
  readonly #waiting: { readonly name: string; readonly bytes: number }[] = [];
  #bytes = 0;
  #next = 0;

  constructor(directory: string, options: DiskQueueOptions) {
    this.#directory = directory;
    this.#options = options;
  }

  /** Finds what an earlier run has left. Throws when the directory cannot be used. */
  start(): void {
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(this.#directory).toSorted()) {
      if (name.endsWith(".new")) rmSync(join(this.#directory, name), { force: true });
      if (!pattern.test(name)) continue;
      const bytes = statSync(join(this.#directory, name)).size;
      this.#waiting.push({ name, bytes });
      this.#bytes += bytes;
      this.#next = Number(name.slice(0, digits)) + 1;
    }
  }

  get length(): number {
    return this.#waiting.length;
  }

  /** Throws when the disk says no. */
  add(body: string, at: number): void {
    const number = this.#next++;
    const name = `${String(number).padStart(digits, "0")}.json`;
    const text = JSON.stringify({ id: `${at.toString(36)}-${number}`, at, body } satisfies Queued);
    const path = join(this.#directory, name);
    writeFileSync(`${path}.new`, text, { mode: 0o600 });
    renameSync(`${path}.new`, path);
    const bytes = Buffer.byteLength(text);
    this.#waiting.push({ name, bytes });
    this.#bytes += bytes;
    while (this.#waiting.length > this.#options.messagesMax || (this.#bytes > this.#options.bytesMax && this.#waiting.length > 1)) {
      this.dropped++;
      this.remove();
    }
  }

  /** The oldest message; one that cannot be read is given up. */
  first(): Queued | undefined {
    for (;;) {
      const [entry] = this.#waiting;
      if (entry === undefined) return undefined;
      const queued = readMessage(join(this.#directory, entry.name));
      if (queued !== undefined) return queued;
      this.dropped++;
      this.remove();
    }
  }

  /** Takes the oldest away. */
  remove(): void {
    const entry = this.#waiting.shift();
    if (entry === undefined) return;
    this.#bytes -= entry.bytes;
    rmSync(join(this.#directory, entry.name), { force: true });
  }
}

function readMessage(path: string): Queued | undefined {
  try {
    const { id, at, body } = JSON.parse(readFileSync(path, "utf8")) as Partial<Queued>;
    return typeof id === "string" && typeof at === "number" && typeof body === "string" ? { id, at, body } : undefined;
  } catch {
    return undefined;
  }
}
