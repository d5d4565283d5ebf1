import type { DatabaseSync } from "node:sqlite";
import { type KindColumns, quoted } from "#store/ddl.ts";
import { readNumber } from "./open.ts";

const MICROS_PER_DAY = 86_400_000_000;
/** Rows of one table that one statement deletes. */
const STEP_ROWS = 2000;
/** Rows that are deleted even when fewer were added. */
const ROWS_MIN = 10_000;
/** The clock stands at the smallest of so many last times, so that a few wrong clocks delete nothing. */
const CLOCK_TIMES = 8;
/** Rows between two looks at the clock. */
const CLOCK_ROWS = 64;

export interface RetentionLimits {
  /** Events older than this are deleted, relative to the newest events; 0 for never. */
  readonly retentionDays: number;
  /** Size of the store above which the oldest events are deleted, bytes; 0 for no limit. */
  readonly bytesMax: number;
}

/** Deletes the oldest events, in steps that are small enough to stand between two batches. */
export class Retention {
  readonly #db: DatabaseSync;
  readonly #tables: readonly string[];
  readonly #limits: RetentionLimits;
  readonly #times = new Float64Array(CLOCK_TIMES);
  #seen = 0;
  #clock = 0;

  constructor(db: DatabaseSync, kinds: readonly KindColumns[], limits: RetentionLimits) {
    this.#db = db;
    this.#tables = kinds.map((kind) => quoted(kind.name));
    this.#limits = limits;
  }

  /** Told the time of each event stored. */
  saw(time: number): void {
    if (this.#seen++ % CLOCK_ROWS !== 0) return;
    this.#times[(this.#seen / CLOCK_ROWS) & (CLOCK_TIMES - 1)] = time;
  }

  /** True when something may have to be deleted. */
  due(): boolean {
    this.#clock = Math.max(this.#clock, Math.min(...this.#times));
    return this.#tooLarge() || (this.#limits.retentionDays > 0 && this.oldest() < this.#ageLimit());
  }

  /** Deletes at most about `rowsMax` rows inside the caller's transaction; returns how many of each kind. */
  run(rowsMax: number): readonly number[] {
    const deleted = this.#tables.map(() => 0);
    let left = Math.max(rowsMax, ROWS_MIN);
    while (left > 0) {
      const before = this.#tooLarge() ? this.#oldestHundredth() : this.#ageLimit();
      let step = 0;
      this.#tables.forEach((table, index) => {
        const rows = this.#deleteOlder(table, before);
        deleted[index] = (deleted[index] as number) + rows;
        step += rows;
      });
      if (step === 0) break;
      left -= step;
    }
    return deleted;
  }

  #deleteOlder(table: string, before: number): number {
    const statement = `DELETE FROM ${table} WHERE rowid IN (SELECT rowid FROM ${table} WHERE time < ? ORDER BY time LIMIT ${STEP_ROWS})`;
    return Number(this.#db.prepare(statement).run(before).changes);
  }

  #tooLarge(): boolean {
    if (this.#limits.bytesMax === 0) return false;
    const pages = readNumber(this.#db, "PRAGMA page_count") - readNumber(this.#db, "PRAGMA freelist_count");
    return pages * readNumber(this.#db, "PRAGMA page_size") > this.#limits.bytesMax;
  }

  /** Behind the first hundredth of the time that the store covers; at least behind its oldest event. */
  #oldestHundredth(): number {
    const oldest = this.oldest();
    const newest = this.#extreme("max", Math.max, Number.NEGATIVE_INFINITY);
    return Number.isFinite(oldest) ? oldest + Math.max(1, Math.floor((newest - oldest) / 100)) : 0;
  }

  #ageLimit(): number {
    return this.#limits.retentionDays === 0 ? 0 : this.#clock - this.#limits.retentionDays * MICROS_PER_DAY;
  }

  /** Time of the oldest event; infinite when there is none. */
  oldest(): number {
    return this.#extreme("min", Math.min, Number.POSITIVE_INFINITY);
  }

  #extreme(name: "min" | "max", pick: (...values: number[]) => number, none: number): number {
    const times = this.#tables.map((table) => this.#db.prepare(`SELECT ${name}(time) AS time FROM ${table}`).get()?.["time"]);
    return pick(none, ...times.filter((time) => time !== null && time !== undefined).map(Number));
  }
}
