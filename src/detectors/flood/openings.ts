import { MICROS_PER_SECOND } from "#base/time.ts";
import { FloodCusum } from "#engine/stats/flood-cusum.ts";
import { HyperLogLog } from "#engine/stats/hyper-log-log.ts";
import { Spread } from "./spread.ts";

/** A period of the CUSUM. Its authors took 20 s, which is too long to say something within a second. */
const PERIOD = MICROS_PER_SECOND / 10;
/** A period is judged so many periods later: until then its openings may be answered. */
const PATIENCE = 4;
/** Periods that make the second whose unanswered openings are compared with the floor. */
const SECOND = 10;
/** Periods whose share of unanswered openings is looked at. */
const RECENT = 3;
const RING = 16;
/** 256 registers: distinct sources to 6.5 %. */
const PRECISION = 8;

/** How one opening looked. */
export interface Opening {
  readonly time: number;
  readonly source: number;
  readonly port: number;
  readonly isBare: boolean;
}

/**
 * What is opened at one target, and what becomes of it, in periods of a tenth of a second:
 *
 *   … | judged | judged | patience (4) … | now |
 *
 * An answer is counted where its flow began, so that neither a long way nor a sudden crowd looks like a flood. X = (opened
 * − answered)/F̄ goes into the CUSUM of Wang, Zhang and Shin with F̄ the mean of answered ones; the floor is absolute.
 */
export class Openings {
  readonly since: number;
  readonly sources = new Spread();
  readonly ports = new Spread();
  readonly distinct = new HyperLogLog(PRECISION);
  /** Unanswered openings of the judged second, and all of it. */
  unanswered = 0;
  all = 0;
  /** Openings without options or payload. */
  bare = 0;
  tellAt = 0;
  readonly floor: number;
  /** So many unanswered openings in one period are enough as well: captures of great floods may be short. */
  readonly #burst: number;
  readonly #cusum: FloodCusum;
  readonly #opened = new Int32Array(RING);
  readonly #answered = new Int32Array(RING);
  /** Of the judged periods: unanswered and opened. */
  readonly #judgedShut = new Int32Array(SECOND);
  readonly #judgedAll = new Int32Array(SECOND);
  #period: number;

  constructor(time: number, floorPerSecond: number, burst: number) {
    this.since = time;
    this.floor = floorPerSecond;
    this.#burst = burst;
    this.#cusum = new FloodCusum({ closedMin: Math.max(1, floorPerSecond / SECOND), memory: 0.97 });
    this.#period = Math.floor(time / PERIOD);
  }

  /** y of the CUSUM. */
  get sum(): number {
    return this.#cusum.sum();
  }

  get sumMin(): number {
    return this.#cusum.config.limit;
  }

  /** Answered openings of a usual second. */
  get usual(): number {
    return this.#cusum.usual() * SECOND;
  }

  /** Nothing is left to be judged. */
  get isQuiet(): boolean {
    return this.all === 0 && this.#opened.every((count) => count === 0);
  }

  /** Counts an opening; true when a flood is seen just now. */
  open({ time, source, port, isBare }: Opening): boolean {
    const isFlood = this.advance(time);
    const at = Math.floor(time / PERIOD);
    if (at <= this.#period - RING) return isFlood;
    this.#opened[at % RING] = (this.#opened[at % RING] as number) + 1;
    this.sources.add(source);
    this.ports.add(port);
    this.distinct.add(source);
    if (isBare) this.bare++;
    return isFlood;
  }

  /** The flow that began at `start` was answered. */
  answer(start: number): void {
    const at = Math.floor(start / PERIOD);
    if (at > this.#period || at <= this.#period - RING) return;
    this.#answered[at % RING] = (this.#answered[at % RING] as number) + 1;
  }

  /** Time goes on: judges the periods whose patience is over. */
  advance(time: number): boolean {
    const now = Math.floor(time / PERIOD);
    if (now - this.#period > RING + SECOND) {
      this.#forget(now);
      return false;
    }
    let isFlood = false;
    while (this.#period < now) {
      this.#period++;
      if (this.#judge(this.#period - PATIENCE - 1)) isFlood = true;
      this.#opened[this.#period % RING] = 0;
      this.#answered[this.#period % RING] = 0;
    }
    return isFlood;
  }

  /** The capture is over: nothing more will be answered. */
  finish(): boolean {
    return this.advance((this.#period + PATIENCE + 1) * PERIOD);
  }

  #judge(period: number): boolean {
    const opened = this.#opened[period % RING] as number;
    const answered = this.#answered[period % RING] as number;
    const isOver = this.#cusum.add(opened, answered);
    const place = period % SECOND;
    const shut = Math.max(0, opened - answered);
    this.unanswered += shut - (this.#judgedShut[place] as number);
    this.all += opened - (this.#judgedAll[place] as number);
    this.#judgedShut[place] = shut;
    this.#judgedAll[place] = opened;
    if (this.isQuiet) this.#quiet();
    return isOver && (this.unanswered >= this.floor || shut >= this.#burst);
  }

  /** Share of the openings of the last judged periods that got no answer. */
  get shutShare(): number {
    let [shut, all] = [0, 0];
    for (let back = 0; back < RECENT; back++) {
      const place = (this.#period - PATIENCE - 1 - back) % SECOND;
      shut += this.#judgedShut[place] as number;
      all += this.#judgedAll[place] as number;
    }
    return all === 0 ? 0 : shut / all;
  }

  /** A second without an opening: what was known of its look belongs to something that is over. */
  #quiet(): void {
    this.sources.clear();
    this.ports.clear();
    this.distinct.clear();
    this.bare = 0;
    this.tellAt = 0;
  }

  #forget(now: number): void {
    this.#opened.fill(0);
    this.#answered.fill(0);
    this.#judgedShut.fill(0);
    this.#judgedAll.fill(0);
    this.#cusum.clear();
    this.unanswered = 0;
    this.all = 0;
    this.#quiet();
    this.#period = now;
  }
}
