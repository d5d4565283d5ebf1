import type { History } from "#schema/api.ts";
import type { LiveSummary } from "#schema/live.ts";

/** Seconds that are remembered: more than the widest terminal has columns. */
const pointsMax = 600;

/** The last minutes' bits per second, oldest first. */
export class Throughput {
  #bits: number[] = [];
  #newest = 0;

  get bits(): readonly number[] {
    return this.#bits;
  }

  /** What the server remembers, when the connection begins. */
  load(history: History): void {
    this.#bits = history.bits_per_second.slice(-pointsMax);
    this.#newest = history.time.at(-1) ?? 0;
  }

  /** A summary; one that is known already changes nothing, one of an earlier time begins anew. */
  push({ time, interval, bits_per_second: bits }: Pick<LiveSummary, "time" | "interval" | "bits_per_second">): void {
    if (time === this.#newest) return;
    if (time < this.#newest - 5e6 * interval) this.#bits = [];
    else if (time < this.#newest) return;
    this.#newest = time;
    this.#bits.push(bits);
    if (this.#bits.length > pointsMax) this.#bits.shift();
  }
}
