import { PlayerNumbers, sections } from "./player-numbers.ts";

/** Kinds of one side that are told apart. */
const slotsMax = 24;
const steadyRate = 1 / 16;
const fastRate = 1 / 32;

// Row of a kind.
/** The key, 32 bits, and above it how many gaps were seen. */
const KEY = 0;
const LAST = 1;
const MODE = 2;
const STEADY = 3;
const FAST = 4;
const ROW = 5;
const gapUnit = 2 ** 32;
/** More gaps are counted as this many: nothing asks for more. */
const gapsMax = 2 ** 20 - 1;

export interface TickLimits {
  /** Gaps that must be seen before a kind can count as a tick. */
  readonly tickGapsMin: number;
  /** Share of gaps (moving average over about 16) near the mode from which a kind is a tick. */
  readonly tickShareMin: number;
  /** A slower mode than this is no tick, seconds: whoever acts each second on the second is what we look for. */
  readonly tickSecondsMax: number;
  /** How near the mode a gap must be: share of the mode, and seconds on top. */
  readonly tickTolerance: number;
  readonly tickToleranceSeconds: number;
  /** Share of gaps (moving average over about 32) of at most `tickSecondsMax` from which a kind is a stream: nobody decides so often. */
  readonly streamShareMin: number;
}

/**
 * Finds the clock of each kind of packet (an opcode, or raw packets of one size class): the mode of its gaps by a majority
 * vote with tolerance; and streams, whose packets follow each other faster than anybody decides, however much the
 * network shakes them. A section that grows with the kinds; packets of kinds beyond 24 share a row with another.
 */
export class ChannelTable {
  readonly #limits: TickLimits;
  readonly #numbers: PlayerNumbers;
  readonly #section: number;

  constructor(limits: TickLimits, numbers = new PlayerNumbers(), section: number = sections.kinds) {
    this.#limits = limits;
    this.#numbers = numbers;
    this.#section = section;
  }

  /** Slot of a kind, 0…23; `key` is an integer of 32 bits. */
  slot(key: number): number {
    const { all } = this.#numbers;
    const from = this.#numbers.from(this.#section);
    const used = this.#numbers.room(this.#section) / ROW;
    const wanted = key | 0;
    for (let slot = 0; slot < used; slot++) if (((all[from + slot * ROW + KEY] as number) | 0) === wanted) return slot;
    if (used >= slotsMax) return (Math.imul(key, 0x9e3779b1) >>> 8) % slotsMax;
    const at = this.#numbers.grow(this.#section, ROW);
    this.#numbers.all[at + KEY] = key >>> 0;
    return used;
  }

  key(slot: number): number {
    return (this.#numbers.all[this.#numbers.from(this.#section) + slot * ROW + KEY] as number) | 0;
  }

  /** Notes a packet; true when a clock sends its kind. `secondsMax` overrides how slow a tick may be. */
  note(slot: number, time: number, secondsMax = this.#limits.tickSecondsMax): boolean {
    const rows = this.#numbers.all;
    const at = this.#numbers.from(this.#section) + slot * ROW;
    const last = rows[at + LAST] as number;
    const gap = (time - last) / 1e6;
    rows[at + LAST] = time;
    if (last === 0 || gap < 0) return false;
    const what = rows[at + KEY] as number;
    const count = Math.min(gapsMax, Math.floor(what / gapUnit) + 1);
    if (count < gapsMax) rows[at + KEY] = what + gapUnit;
    const { tickTolerance, tickToleranceSeconds, tickGapsMin, tickShareMin, tickSecondsMax, streamShareMin } = this.#limits;
    const mode = rows[at + MODE] as number;
    const near = Math.abs(gap - mode) <= mode * tickTolerance + tickToleranceSeconds;
    let steady = (rows[at + STEADY] as number) * (1 - steadyRate);
    if (near) {
      steady += steadyRate;
      rows[at + MODE] = mode + (gap - mode) * 0.1;
    } else if (steady < 0.3) {
      rows[at + MODE] = gap;
      steady = Math.max(steady, 0.25);
    }
    rows[at + STEADY] = steady;
    // The first gaps weigh more, so that a stream is known early.
    const rate = Math.max(fastRate, 1 / count);
    const before = rows[at + FAST] as number;
    const fast = before + ((gap <= tickSecondsMax ? 1 : 0) - before) * rate;
    rows[at + FAST] = fast;
    if (count < tickGapsMin) return false;
    return fast >= streamShareMin || (steady >= tickShareMin && (rows[at + MODE] as number) <= secondsMax);
  }
}
