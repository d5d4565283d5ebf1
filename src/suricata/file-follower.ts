import { type FileHandle, open, stat } from "node:fs/promises";
import { LineFeed } from "./line-feed.ts";

/** Time between two looks at the file. */
const POLL_MS = 100;
const CHUNK_BYTES = 262_144;

export interface FollowOptions {
  /** Where reading begins in the file that is there at the start; later files are read whole. */
  readonly from: "start" | "end";
  /** Gets the lines in order; the next ones are read when its promise is settled. */
  readonly onLine: (line: string) => void | Promise<void>;
  /** Called after each look at the file, when everything that is there has been read. */
  readonly onPause?: () => void;
  readonly pollMs?: number;
}

/**
 * Reads a file that another program writes, for as long as it grows. Rotation by renaming is seen by the file's number:
 * the old one is read to its end first. A file that became shorter was cut and is read from its beginning.
 */
export class FileFollower {
  /** Times that the file was replaced or cut. */
  rotations = 0;
  /** Bytes read. */
  bytes = 0;
  /** Why the file cannot be read now, if it cannot. */
  trouble: string | undefined;
  readonly path: string;
  readonly #options: FollowOptions;
  #feed = new LineFeed();
  #file: FileHandle | undefined;
  #identity = "";
  #at = 0;
  #opened = false;
  /** True when there was no file at the start. */
  #late = false;
  #stopped = false;
  #wake: (() => void) | undefined;
  #loop: Promise<void> = Promise.resolve();
  readonly #buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);

  constructor(path: string, options: FollowOptions) {
    this.path = path;
    this.#options = options;
  }

  /** Lines that were too long to be read. */
  get tooLong(): number {
    return this.#feed.tooLong;
  }

  start(): void {
    this.#loop = this.#run();
  }

  /** Ends reading; what was there already is read before. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    this.#wake?.();
    await this.#loop;
  }

  async #run(): Promise<void> {
    do {
      try {
        await this.#look();
        this.trouble = undefined;
      } catch (error) {
        this.trouble = (error as Error).message;
        this.#late = true;
      }
      this.#options.onPause?.();
      if (!this.#stopped) await this.#pause();
    } while (!this.#stopped);
    await this.#look().catch(() => undefined);
    await this.#file?.close();
    this.#file = undefined;
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.#options.pollMs ?? POLL_MS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #look(): Promise<void> {
    if (this.#file === undefined) await this.#open();
    await this.#readOn();
    const facts = await stat(this.path);
    if (identityOf(facts) !== this.#identity) {
      // The writer has gone over to the new file, so nothing comes any more in the old one.
      await this.#readOn();
      await this.#open();
      await this.#readOn();
    }
  }

  async #open(): Promise<void> {
    const file = await open(this.path, "r");
    await this.#file?.close();
    const facts = await file.stat();
    if (this.#opened) {
      this.rotations++;
      this.#feed.reset();
    }
    this.#file = file;
    this.#identity = identityOf(facts);
    this.#at = 0;
    if (!this.#opened && !this.#late && this.#options.from === "end" && facts.size > 0) {
      this.#at = facts.size;
      const last = await file.read(this.#buffer, 0, 1, facts.size - 1);
      this.#feed = new LineFeed(last.bytesRead === 1 && this.#buffer[0] !== 0x0a);
    }
    this.#opened = true;
  }

  async #readOn(): Promise<void> {
    const file = this.#file as FileHandle;
    if ((await file.stat()).size < this.#at) {
      this.rotations++;
      this.#at = 0;
      this.#feed.reset();
    }
    for (;;) {
      const { bytesRead } = await file.read(this.#buffer, 0, CHUNK_BYTES, this.#at);
      if (bytesRead === 0) return;
      this.#at += bytesRead;
      this.bytes += bytesRead;
      for (const line of this.#feed.push(this.#buffer.subarray(0, bytesRead))) await this.#options.onLine(line);
    }
  }
}

const identityOf = ({ dev, ino }: { readonly dev: number; readonly ino: number }): string => `${dev}:${ino}`;
