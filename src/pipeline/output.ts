import type { Sink } from "#contract/sink.ts";

/** Lines are handed on when this many bytes have gathered; the first ones at once, because somebody waits for them. */
const batchBytes = 1 << 19;

/**
 * Hands ordered lines to the sinks. One batch is under way at a time, so that whoever makes lines can fill a second
 * piece of memory meanwhile: files wait for the disk, nothing is lost and memory stays bounded.
 */
export class Output {
  readonly #sinks: readonly Sink[];
  #underWay: Promise<unknown> = Promise.resolve();
  #hasBegun = false;

  constructor(sinks: readonly Sink[]) {
    this.#sinks = sinks;
  }

  /** True when so many bytes of lines are enough to be written. */
  isDue(bytes: number): boolean {
    return bytes >= (this.#hasBegun ? batchBytes : 1);
  }

  /**
   * Begins to write a batch when the one before is written; resolves when it has begun. The lines are lent until the
   * next call resolves. Throws what a sink has thrown.
   */
  async write(lines: Uint8Array): Promise<void> {
    await this.#underWay;
    if (lines.length === 0) return;
    this.#hasBegun = true;
    const written = Promise.all(this.#sinks.map((sink) => sink.write(lines)));
    // A failure is met by the next call; until then nobody waits for it.
    written.catch(() => undefined);
    this.#underWay = written;
  }

  async flush(): Promise<void> {
    await this.#underWay;
    await Promise.all(this.#sinks.map((sink) => sink.flush()));
  }
}
