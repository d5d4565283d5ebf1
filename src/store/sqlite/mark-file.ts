import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { OddwireError } from "#contract/errors.ts";
import { causeOf } from "./open.ts";

/** Somebody else may write the same file for a moment. */
const busyMs = 500;

/**
 * A small file of its own beside the store, for what people say: it outlives events that retention deletes, and a change
 * never waits for the writer of events. It is made with the first change, and every change is on the disk when told.
 */
export class MarkFile {
  readonly path: string;
  readonly #table: string;
  #db: DatabaseSync | undefined;

  /** `table` is the statement that makes its table where there is none. */
  constructor(path: string, table: string) {
    this.path = path;
    this.#table = table;
  }

  /** What is made of each row of a question. Throws ODW_STORE_UNREADABLE, also when `make` throws. */
  rows<T>(select: string, make: (row: { readonly [column: string]: unknown }) => T): readonly T[] {
    try {
      using db = new DatabaseSync(this.path, { readOnly: true, timeout: busyMs });
      return db.prepare(select).all().map(make);
    } catch (error) {
      throw new OddwireError("ODW_STORE_UNREADABLE", { path: this.path, cause: causeOf(error) }, { cause: error });
    }
  }

  /** Changes something. Throws ODW_OUT_UNWRITABLE. */
  run(statement: string, ...values: readonly SQLInputValue[]): void {
    try {
      this.#db ??= this.#open();
      this.#db.prepare(statement).run(...values);
    } catch (error) {
      throw new OddwireError("ODW_OUT_UNWRITABLE", { path: this.path, cause: causeOf(error) }, { cause: error });
    }
  }

  #open(): DatabaseSync {
    const db = new DatabaseSync(this.path, { timeout: busyMs });
    db.exec(`PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; ${this.#table}`);
    return db;
  }

  [Symbol.dispose](): void {
    this.#db?.close();
    this.#db = undefined;
  }
}
