import { MICROS_PER_SECOND } from "#base/time.ts";

const CELLS = 4_096;
const countMax = 65_535;

/**
 * A counter for each of 4,096 groups of targets, begun anew each second of packet time. Most targets never see enough
 * openings in a second to be worth a state of their own; this says so in a few nanoseconds.
 */
export class Suspects {
  readonly #counts = new Uint16Array(CELLS);
  #second = -1;

  /** Counts an opening at a target; how many its group had in this second. */
  count(hash: number, time: number): number {
    const second = Math.floor(time / MICROS_PER_SECOND);
    if (second !== this.#second) {
      this.#second = second;
      this.#counts.fill(0);
    }
    const at = hash & (CELLS - 1);
    const count = this.#counts[at] as number;
    if (count < countMax) this.#counts[at] = count + 1;
    return count + 1;
  }
}
