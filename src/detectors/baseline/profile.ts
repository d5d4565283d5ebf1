import { clamp } from "./clamp.ts";

/** What is counted in each interval and has a level for each hour. */
export const measures = ["bytes", "packets", "connections", "peers", "failures"] as const;
export const M = { bytes: 0, packets: 1, connections: 2, peers: 3, failures: 4 } as const;
/** Hours of a weekday, then of a day at the weekend, both UTC. */
export const CELLS = 48;
const dayMicros = 86_400e6;
const hourMicros = 3_600e6;

/** The cell that a time falls into. 1970 began on a Thursday. */
export function cellOf(micros: number): number {
  const day = Math.floor(micros / dayMicros);
  const weekday = (day + 4) % 7;
  return Math.floor((micros - day * dayMicros) / hourMicros) + (weekday === 0 || weekday === 6 ? 24 : 0);
}

export interface LearningPace {
  /** Intervals of an hour. */
  readonly perHour: number;
  /** By what share a level may move within a day of packet time, once it is known. */
  readonly driftShare: number;
}

/** What a cell should hold. */
export interface Expectation {
  /** Logarithm of one more than the usual value of an active interval. */
  readonly level: number;
  /** Standard deviation of that logarithm. */
  readonly deviation: number;
  /** True when the very hour is known, from two days; otherwise `level` is the highest of all known hours. */
  readonly isSeasonal: boolean;
  /** Active intervals that it rests on. */
  readonly sample: number;
}

/** Days of an hour until it is known. */
const daysMin = 2;
/** Active intervals of an hour until its level is known. */
const activeMin = 4;
/** Differences beyond so many deviations are learnt as if they were no larger. */
const clipDeviations = 3;
const clipMin = Math.log(2);
const cellMemoryIntervals = 60;
const spreadMemoryIntervals = 200;
/** Active hours after which a spread grows no faster than levels. */
const spreadHours = 48;
/** Mean absolute deviation to standard deviation, for normally distributed values. */
const meanToDeviation = 1.2533;
const deviationMin = 0.15;

/**
 * What is usual of many things (rows): how often each hour of a weekday and of the weekend is active at all, and how
 * much an active interval holds. A season as in Holt–Winters, in hours and without a trend, on logarithms: loads differ
 * by factors. It is learnt slowly and with clipped influence: once an hour is known of two days, whatever is sent moves its
 * level by no more than a share a day, so that nobody can make an attack usual by a ramp that is faster.
 */
export class Profiles {
  readonly #pace: LearningPace;
  readonly #drift: number;
  readonly #levels: Float32Array;
  readonly #spreads: Float32Array;
  /** Active intervals of each row. */
  readonly #samples: Uint32Array;
  /** Intervals and active ones of each cell. */
  readonly #known: Uint16Array;
  readonly #active: Uint16Array;

  constructor(rows: number, pace: LearningPace) {
    this.#pace = pace;
    this.#drift = Math.log1p(pace.driftShare) / pace.perHour;
    this.#levels = new Float32Array(rows * measures.length * CELLS);
    this.#spreads = new Float32Array(rows * measures.length);
    this.#samples = new Uint32Array(rows);
    this.#known = new Uint16Array(rows * CELLS);
    this.#active = new Uint16Array(rows * CELLS);
  }

  known(row: number, cell: number): number {
    return this.#known[row * CELLS + cell] as number;
  }

  active(row: number, cell: number): number {
    return this.#active[row * CELLS + cell] as number;
  }

  /** Intervals of all hours, and active ones. */
  totals(row: number): { readonly known: number; readonly active: number } {
    let [known, active] = [0, 0];
    for (let cell = 0; cell < CELLS; cell++) {
      known += this.known(row, cell);
      active += this.active(row, cell);
    }
    return { known, active };
  }

  isKnown(row: number, cell: number): boolean {
    return this.known(row, cell) >= daysMin * this.#pace.perHour;
  }

  /** Chance that an interval of this hour is without traffic, from what was seen. */
  idleChance(row: number, cell: number): number {
    const known = this.known(row, cell);
    return (known - this.active(row, cell) + 0.5) / (known + 1);
  }

  /** What an active interval of the hour should hold; undefined when nothing is known. */
  expected(row: number, measure: number, cell: number): Expectation | undefined {
    const deviation = Math.max(deviationMin, meanToDeviation * (this.#spreads[row * measures.length + measure] as number));
    const at = this.#at(row, measure);
    const active = this.active(row, cell);
    if (this.isKnown(row, cell) && active >= activeMin)
      return { level: this.#levels[at + cell] as number, deviation, isSeasonal: true, sample: active };
    let [level, sample] = [-1, 0];
    for (let other = 0; other < CELLS; other++) {
      const count = this.active(row, other);
      sample += count;
      if (count > 0) level = Math.max(level, this.#levels[at + other] as number);
    }
    return sample === 0 ? undefined : { level, deviation, isSeasonal: false, sample };
  }

  /** Takes one interval; `values` in the order of `measures`, from `from`. */
  learn(row: number, cell: number, values: Float64Array, from: number, isActive: boolean): void {
    const place = row * CELLS + cell;
    const settled = this.isKnown(row, cell);
    const active = this.active(row, cell);
    this.#known[place] = Math.min(0xffff, this.known(row, cell) + 1);
    if (!isActive) return;
    this.#active[place] = Math.min(0xffff, active + 1);
    this.#samples[row] = (this.#samples[row] as number) + 1;
    for (let measure = 0; measure < measures.length; measure++)
      this.#learnOne(row, measure, cell, Math.log1p(Math.max(0, values[from + measure] as number)), active, settled && active >= activeMin);
  }

  #learnOne(row: number, measure: number, cell: number, value: number, active: number, isSettled: boolean): void {
    const at = this.#at(row, measure) + cell;
    if (active === 0) {
      this.#levels[at] = value;
      return;
    }
    const spreadAt = row * measures.length + measure;
    const spread = this.#spreads[spreadAt] as number;
    const level = this.#levels[at] as number;
    const limit = Math.max(clipMin, clipDeviations * meanToDeviation * spread);
    const off = clamp(value - level, limit);
    const step = off / Math.min(active + 1, cellMemoryIntervals);
    this.#levels[at] = level + (isSettled ? clamp(step, this.#drift) : step);
    // A spread that grows fast, in hours that are not known yet for example, would let anything pass as usual.
    const samples = this.#samples[row] as number;
    const wider = (Math.abs(off) - spread) / Math.min(samples, spreadMemoryIntervals);
    const widest = (this.#drift * Math.max(spread, deviationMin)) / 24;
    this.#spreads[spreadAt] = spread + (samples > this.#pace.perHour * spreadHours ? Math.min(wider, widest) : wider);
  }

  clear(row: number): void {
    this.#levels.fill(0, this.#at(row, 0), this.#at(row + 1, 0));
    this.#spreads.fill(0, row * measures.length, (row + 1) * measures.length);
    this.#samples[row] = 0;
    this.#known.fill(0, row * CELLS, (row + 1) * CELLS);
    this.#active.fill(0, row * CELLS, (row + 1) * CELLS);
  }

  /** Spreads, then of each known cell its number, intervals, active ones and levels, in hundredths. */
  state(row: number): number[] {
    const saved = Array.from(this.#spreads.subarray(row * measures.length, (row + 1) * measures.length), hundredths);
    for (let cell = 0; cell < CELLS; cell++) {
      if (this.known(row, cell) === 0) continue;
      saved.push(cell, this.known(row, cell), this.active(row, cell));
      for (let measure = 0; measure < measures.length; measure++)
        saved.push(hundredths(this.#levels[this.#at(row, measure) + cell] as number));
    }
    return saved;
  }

  /** False, and the row stays empty, when it is no such list. */
  fromState(row: number, saved: readonly unknown[]): boolean {
    const width = 3 + measures.length;
    if ((saved.length - measures.length) % width !== 0 || !saved.every((one) => Number.isFinite(one) && (one as number) >= 0)) return false;
    const numbers = saved as readonly number[];
    for (let measure = 0; measure < measures.length; measure++)
      this.#spreads[row * measures.length + measure] = (numbers[measure] as number) / 100;
    for (let at = measures.length; at < numbers.length; at += width) {
      const cell = numbers[at] as number;
      if (!Number.isInteger(cell) || cell >= CELLS) continue;
      this.#known[row * CELLS + cell] = Math.min(0xffff, numbers[at + 1] as number);
      this.#active[row * CELLS + cell] = Math.min(0xffff, numbers[at + 2] as number);
      for (let measure = 0; measure < measures.length; measure++)
        this.#levels[this.#at(row, measure) + cell] = (numbers[at + 3 + measure] as number) / 100;
    }
    this.#samples[row] = this.totals(row).active;
    return true;
  }

  #at(row: number, measure: number): number {
    return (row * measures.length + measure) * CELLS;
  }
}

const hundredths = (value: number): number => Math.round(value * 100);
