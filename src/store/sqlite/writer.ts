import type { DatabaseSync, StatementSync } from "node:sqlite";
import { countByte } from "#base/bytes.ts";
import { OddwireError } from "#contract/errors.ts";
import { columnsOf } from "#query/column-value.ts";
import { bodyColumn, type KindColumns, quoted } from "#store/ddl.ts";
import { Chunk } from "./chunk.ts";
import { BROKEN_LINE, LineColumns, UNKNOWN_KIND } from "./line-columns.ts";
import { causeOf, endBulk, makeIndexes, openForWriting, readMeta, rowsKey, spanKeys, writeMeta } from "./open.ts";
import { Retention, type RetentionLimits } from "./retention.ts";

const NEWLINE = 10;
/** Bytes that are turned into text at once: little enough to stay in the cache. */
const CHUNK_BYTES = 131_072;
/** Rows of a table from which on it gets all its indexes; fewer are read through in 0.1 s. */
const INDEX_ROWS_MIN = 500_000;
const SQLITE_CONSTRAINT = 19;

export interface WriterOptions extends RetentionLimits {
  /**
   * True when it is to be filled in one go. A new store is written without a log and gets its indexes at the end:
   * by time always, the others when a table is large enough that reading it all takes long. Half of the work.
   */
  readonly bulk: boolean;
}

/** What became of the lines; totals since the start. */
export interface WriterCounters {
  /** Events stored. */
  stored: number;
  /** Lines that are no events. */
  rejected: number;
  /** Events of a kind that the store was not told of. */
  unknown: number;
  /** Events deleted because of their age or the store's size. */
  deleted: number;
  /** Lines lost because the store could not be written. */
  lost: number;
}

/** Writes lines of EVE JSON into a store. Synchronous: it lives in the writer thread. */
export class StoreWriter {
  readonly counters: WriterCounters = { stored: 0, rejected: 0, unknown: 0, deleted: 0, lost: 0 };
  readonly #path: string;
  readonly #kinds: readonly KindColumns[];
  readonly #db: DatabaseSync;
  readonly #lines: LineColumns;
  readonly #inserts: readonly StatementSync[];
  /** Rows of each kind: in the store, and added since the last commit. */
  readonly #rows: number[];
  readonly #added: number[];
  readonly #retention: Retention;
  /** Times of the first and the last event, microseconds. */
  #from: number;
  #to: number;
  #bulk: boolean;
  #closed = false;

  /** Opens the store. Throws `OddwireError` when it cannot be used. */
  constructor(path: string, kinds: readonly KindColumns[], options: WriterOptions) {
    const { db, fresh } = openForWriting(path, kinds, options.bulk);
    this.#path = path;
    this.#kinds = kinds;
    this.#db = db;
    this.#bulk = options.bulk && fresh;
    if (!this.#bulk) for (const kind of kinds) makeIndexes(db, kind, false);
    this.#lines = new LineColumns(kinds);
    this.#inserts = kinds.map((kind) => db.prepare(insertInto(kind)));
    this.#rows = kinds.map((kind) => Number(readMeta(db, rowsKey(kind)) ?? 0));
    this.#added = kinds.map(() => 0);
    this.#from = Number(readMeta(db, spanKeys.from) ?? Number.POSITIVE_INFINITY);
    this.#to = Number(readMeta(db, spanKeys.to) ?? Number.NEGATIVE_INFINITY);
    this.#retention = new Retention(db, kinds, options);
  }

  /** True while there are rows that a crash would lose. */
  get pending(): boolean {
    return this.#db.isTransaction;
  }

  /** Stores whole lines. They are safe after the next `commit`. */
  write(bytes: Buffer): void {
    this.#guard(bytes, () => {
      if (!this.#db.isTransaction) this.#db.exec("BEGIN IMMEDIATE");
      let from = 0;
      while (from < bytes.length) {
        const newline = bytes.indexOf(NEWLINE, Math.min(from + CHUNK_BYTES, bytes.length - 1));
        const to = newline < 0 ? bytes.length : newline + 1;
        this.#chunk(new Chunk(bytes.subarray(from, to)));
        from = to;
      }
    });
  }

  #chunk(chunk: Chunk): void {
    this.#lines.use(chunk);
    let from = 0;
    while (from < chunk.bytes.length) {
      const to = chunk.lineEnd(from);
      if (to > from) this.#line(from, to);
      from = to + 1;
    }
  }

  #line(from: number, to: number): void {
    const kind = this.#lines.read(from, to);
    if (kind === BROKEN_LINE) this.counters.rejected++;
    else if (kind === UNKNOWN_KIND) this.counters.unknown++;
    else this.#insert(kind);
  }

  #insert(kind: number): void {
    const row = this.#lines.row(kind);
    try {
      (this.#inserts[kind] as StatementSync).run(...row);
    } catch (error) {
      if ((error as { errcode?: number }).errcode !== SQLITE_CONSTRAINT) throw error;
      this.counters.rejected++;
      return;
    }
    this.#added[kind] = (this.#added[kind] as number) + 1;
    const time = row[0] as number;
    if (time < this.#from) this.#from = time;
    if (time > this.#to) this.#to = time;
    this.#retention.saw(time);
  }

  /** Makes everything written safe, then deletes what is too old or too much, at most twice as many rows. */
  commit(): void {
    if (!this.#db.isTransaction) return;
    this.#guard(undefined, () => {
      const added = this.#added.reduce((sum, rows) => sum + rows, 0);
      this.#kinds.forEach((kind, index) => {
        const rows = this.#added[index] as number;
        if (rows === 0) return;
        this.#rows[index] = (this.#rows[index] as number) + rows;
        this.#added[index] = 0;
        writeMeta(this.#db, rowsKey(kind), String(this.#rows[index]));
      });
      this.#writeSpan();
      this.#db.exec("COMMIT");
      this.counters.stored += added;
      this.#retain(added * 2);
    });
  }

  #retain(rowsMax: number): void {
    if (!this.#retention.due()) return;
    if (this.#bulk) this.#endBulk();
    this.#db.exec("BEGIN IMMEDIATE");
    const deleted = this.#retention.run(rowsMax);
    deleted.forEach((rows, index) => {
      if (rows === 0) return;
      this.#rows[index] = Math.max(0, (this.#rows[index] as number) - rows);
      this.counters.deleted += rows;
      writeMeta(this.#db, rowsKey(this.#kinds[index] as KindColumns), String(this.#rows[index]));
    });
    this.#from = Math.max(this.#from, this.#retention.oldest());
    this.#writeSpan();
    this.#db.exec("COMMIT");
  }

  /** Remembers which time the store covers. */
  #writeSpan(): void {
    if (this.#from <= this.#to) writeMeta(this.#db, spanKeys.from, String(this.#from));
    if (this.#from <= this.#to) writeMeta(this.#db, spanKeys.to, String(this.#to));
  }

  /** Makes the indexes, and a store of it that others read while it is written. */
  #endBulk(small = false): void {
    this.#bulk = false;
    this.#db.exec("BEGIN IMMEDIATE");
    this.#kinds.forEach((kind, index) => {
      makeIndexes(this.#db, kind, small && (this.#rows[index] as number) < INDEX_ROWS_MIN);
    });
    this.#db.exec("COMMIT");
    endBulk(this.#db);
  }

  /** Commits, finishes the indexes, folds the log into the store and closes it. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    try {
      this.commit();
      this.#guard(undefined, () => {
        if (this.#bulk) this.#endBulk(true);
        this.#db.exec("PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)");
      });
    } finally {
      this.#db.close();
    }
  }

  /** Rolls back, counts what is lost and names the cause when the store cannot be written. */
  #guard(lines: Buffer | undefined, work: () => void): void {
    const before = this.#added.reduce((sum, rows) => sum + rows, 0);
    try {
      work();
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
      this.counters.lost += before + (lines === undefined ? 0 : countByte(lines, NEWLINE));
      this.#added.fill(0);
      this.#kinds.forEach((kind, index) => {
        this.#rows[index] = this.#storedRows(kind);
      });
      throw new OddwireError("ODW_OUT_UNWRITABLE", { path: this.#path, cause: causeOf(error) }, { cause: error });
    }
  }

  #storedRows(kind: KindColumns): number {
    try {
      return Number(readMeta(this.#db, rowsKey(kind)) ?? 0);
    } catch {
      return 0;
    }
  }
}

/** Numbers arrive as REAL. Typed columns make integers of them; the columns of addresses take what comes. */
function insertInto(kind: KindColumns): string {
  const columns = columnsOf(kind);
  const values = columns.map(({ format }, i) =>
    format === "address" ? `CASE typeof(?${i + 1}) WHEN 'real' THEN CAST(?${i + 1} AS INTEGER) ELSE ?${i + 1} END` : `?${i + 1}`,
  );
  const names = [...columns.map((column) => column.name), bodyColumn].map(quoted);
  return `INSERT INTO ${quoted(kind.name)} (${names.join(", ")}) VALUES (${values.join(", ")}, ?${columns.length + 1})`;
}
