import type { Sink } from "#contract/sink.ts";

/** Lines are handed on when this many bytes have gathered. */
const batchBytes = 1 << 19;

/**
 * Gathers ordered lines and hands them to the sinks in large batches. `write` resolves when the sinks have room again:
 * files wait for it, so that nothing is lost and memory stays bounded.
 */
export class Output {
  readonly #sinks: readonly Sink[];
  readonly #listener: ((lines: Uint8Array) => void) | undefined;
  #parts: Uint8Array[] = [];
  #bytes = 0;

  /** `listener` sees every batch too, for live views. */
  constructor(sinks: readonly Sink[], listener?: (lines: Uint8Array) => void) {
    this.#sinks = sinks;
    this.#listener = listener;
  }

  /** Takes lines, which are the output's own from now on. */
  async add(lines: Uint8Array): Promise<void> {
    if (lines.length === 0) return;
    this.#parts.push(lines);
    this.#bytes += lines.length;
    if (this.#bytes >= batchBytes) await this.push();
  }

  /** Hands on what has gathered. */
  async push(): Promise<void> {
    if (this.#bytes === 0) return;
    const batch = this.#parts.length === 1 ? (this.#parts[0] as Uint8Array) : concat(this.#parts, this.#bytes);
    this.#parts = [];
    this.#bytes = 0;
    this.#listener?.(batch);
    for (let i = 0; i < this.#sinks.length; i++) {
      // Each sink may keep or transfer its bytes, so all but the last get a copy.
      const own = i === this.#sinks.length - 1 ? batch : batch.slice();
      await (this.#sinks[i] as Sink).write(own);
    }
  }

  async flush(): Promise<void> {
    await this.push();
    for (const sink of this.#sinks) await sink.flush();
  }
}

function concat(parts: readonly Uint8Array[], total: number): Uint8Array {
  const whole = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
