import { MICROS_PER_SECOND, type Micros } from "#base/time.ts";

const dayMicros = 24 * 3600 * MICROS_PER_SECOND;

/** Gives out at most so many permits within any 24 hours of packet time. */
export class DailyLimit {
  readonly #max: number;
  /** When the last ones were given, ascending. */
  readonly #given: Micros[] = [];

  constructor(max: number) {
    this.#max = max;
  }

  take(time: Micros): boolean {
    while (this.#given.length > 0 && time - (this.#given[0] as Micros) >= dayMicros) this.#given.shift();
    if (this.#given.length >= this.#max) return false;
    this.#given.push(time);
    return true;
  }
}
