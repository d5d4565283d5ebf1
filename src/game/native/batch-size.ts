import { recordsMax } from "./region.ts";

/** Part of the deadline that a batch should take at most. */
const deadlineShare = 0.125;
const recordsFirst = 16;
/** Weight of the newest batch in the mean. */
const newestWeight = 0.25;

/** How many requests a batch has: as many as a slow plugin answers well within its deadline, so that slow is not taken for hung. */
export class BatchSize {
  readonly #wantedMs: number;
  #records = recordsFirst;
  #msEach = 0;

  constructor(deadlineMs: number) {
    this.#wantedMs = deadlineMs * deadlineShare;
  }

  get records(): number {
    return this.#records;
  }

  /** A batch came back. */
  answered(records: number, milliseconds: number): void {
    if (records === 0) return;
    const each = milliseconds / records;
    this.#msEach = this.#msEach === 0 ? each : this.#msEach + newestWeight * (each - this.#msEach);
    const wanted = Math.floor(this.#wantedMs / this.#msEach);
    this.#records = Math.max(1, Math.min(recordsMax, this.#records * 2, wanted));
  }

  /** A batch missed its deadline. */
  missed(): void {
    this.#records = Math.max(1, this.#records >> 3);
  }
}
