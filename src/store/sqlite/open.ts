import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { OddwireError } from "#contract/errors.ts";
import { columnsOf } from "#query/column-value.ts";
import {
  addColumn,
  applicationId,
  createIndexes,
  createTable,
  createView,
  fingerprint,
  type KindColumns,
  metaTable,
  quoted,
  storeVersion,
  viewName,
} from "#store/ddl.ts";

const BUSY_MS = 5000;
/** A reader may hold up a bulk writer as long as its question takes. */
const BULK_BUSY_MS = 60_000;
const PAGE_BYTES = 8192;
/** Pages in the write-ahead log at which it is folded into the store: 16 MB. */
const CHECKPOINT_PAGES = 2048;
const CACHE_KIB = 32_768;

export interface OpenedStore {
  readonly db: DatabaseSync;
  /** True when there was no store before. */
  readonly fresh: boolean;
}

/**
 * Opens a store for writing, makes it when there is none, and adds the tables and columns that it lacks. `bulk` is for
 * filling a new store: each page is written once instead of twice (log and store), and nothing waits for the disk. It
 * survives `kill -9`, by its rollback journal, but not a power cut; `endBulk` makes a common store of it.
 */
export function openForWriting(path: string, kinds: readonly KindColumns[], bulk: boolean): OpenedStore {
  return guarded(path, (keep) => {
    mkdirSync(dirname(path), { recursive: true });
    const db = keep(new DatabaseSync(path, { timeout: bulk ? BULK_BUSY_MS : BUSY_MS }));
    const fresh = readNumber(db, "PRAGMA page_count") === 0;
    if (fresh) db.exec(`PRAGMA page_size = ${PAGE_BYTES}; PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${storeVersion}`);
    else identify(db, path);
    db.exec(`PRAGMA cache_size = -${CACHE_KIB}`);
    if (fresh && bulk) db.exec("PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF");
    else keepLog(db);
    migrate(db, path, kinds);
    return { db, fresh };
  });
}

/** Ends bulk writing. A reader at work keeps the store as it is until it is opened for writing again. */
export function endBulk(db: DatabaseSync): void {
  try {
    keepLog(db);
  } catch (error) {
    if (primaryCode(error) !== BUSY) throw error;
  }
}

function keepLog(db: DatabaseSync): void {
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
}

/** Opens a store for reading, also while somebody writes it or after its writer was killed. */
export function openForReading(path: string): DatabaseSync {
  return guarded(path, (keep) => {
    if (!existsSync(path)) throw new Error("no such file");
    const db = keep(openReadOnly(path));
    identify(db, path);
    return db;
  });
}

/**
 * A bulk writer that was killed left a journal, which only a writer may roll back. Without the right to make the log's
 * index beside the store, only a store at rest can be read, as it stands.
 */
function openReadOnly(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { readOnly: true, timeout: BUSY_MS });
  try {
    readNumber(db, "PRAGMA schema_version");
    return db;
  } catch (error) {
    db.close();
    if (primaryCode(error) !== READ_ONLY && primaryCode(error) !== CANNOT_OPEN) throw error;
    if (existsSync(`${path}-wal`)) throw error;
    if (!existsSync(`${path}-journal`)) return new DatabaseSync(asItStands(path), { readOnly: true });
    rollBack(path);
    return new DatabaseSync(path, { readOnly: true, timeout: BUSY_MS });
  }
}

const asItStands = (path: string): string => `file:${encodeURI(path).replaceAll("?", "%3f").replaceAll("#", "%23")}?immutable=1`;

function rollBack(path: string): void {
  using db = new DatabaseSync(path, { timeout: BUSY_MS });
  readNumber(db, "PRAGMA schema_version");
}

/** Result codes of SQLite; the extended ones have them in their low byte. */
const [BUSY, READ_ONLY, CANNOT_OPEN] = [5, 8, 14] as const;
const primaryCode = (error: unknown): number => ((error as { errcode?: number }).errcode ?? 0) & 255;

/** Refuses what is no store, and stores of newer programs. */
function identify(db: DatabaseSync, path: string): void {
  const found = readNumber(db, "PRAGMA application_id");
  if (found === 0 && readNumber(db, "PRAGMA page_count") === 0) throw new Error("it is empty");
  if (found !== applicationId) throw new Error("it is the database of another program");
  const version = readNumber(db, "PRAGMA user_version");
  if (version > storeVersion) throw new OddwireError("ODW_STORE_NEWER", { path, found: version, known: storeVersion });
}

/** Brings the tables up to the kinds, in one transaction. Only ever adds. */
function migrate(db: DatabaseSync, path: string, kinds: readonly KindColumns[]): void {
  db.exec("BEGIN IMMEDIATE");
  try {
    db.exec(metaTable);
    const known = readMeta(db, "fingerprint");
    const wanted = fingerprint(kinds);
    if (known !== wanted) {
      for (const kind of kinds) migrateKind(db, kind);
      writeMeta(db, "fingerprint", wanted);
    }
    db.exec("COMMIT");
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error instanceof OddwireError
      ? error
      : new OddwireError("ODW_STORE_UNREADABLE", { path, cause: causeOf(error) }, { cause: error });
  }
}

function migrateKind(db: DatabaseSync, kind: KindColumns): void {
  const present = tableColumns(db, kind.name);
  if (present.size === 0) db.exec(createTable(kind));
  for (const column of columnsOf(kind)) {
    const type = present.get(column.name);
    if (present.size > 0 && type === undefined) db.exec(addColumn(kind, column));
    const wanted = column.format === "address" ? "ANY" : column.type.toUpperCase();
    if (type !== undefined && type !== wanted)
      throw new Error(`column ${kind.name}.${column.name} holds ${type} where this program writes ${wanted}`);
  }
  db.exec(`DROP VIEW IF EXISTS ${quoted(viewName(kind))}; ${createView(kind)}`);
}

/** Makes the indexes of a kind that are declared and missing; only the first, by time, when it is `small`. */
export function makeIndexes(db: DatabaseSync, kind: KindColumns, small: boolean): void {
  const statements = createIndexes(kind);
  for (const statement of small ? statements.slice(0, 1) : statements) db.exec(statement);
}

/** Columns of a table with their types; empty when there is no such table. */
export function tableColumns(db: DatabaseSync, table: string): ReadonlyMap<string, string> {
  const rows = db.prepare("SELECT name, type FROM pragma_table_info(?)").all(table);
  return new Map(rows.map((row) => [String(row["name"]), String(row["type"])]));
}

export function readMeta(db: DatabaseSync, key: string): string | undefined {
  const row = db.prepare("SELECT value FROM oddwire_meta WHERE key = ?").get(key);
  return row === undefined ? undefined : String(row["value"]);
}

export function writeMeta(db: DatabaseSync, key: string, value: string): void {
  db.prepare("INSERT INTO oddwire_meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value").run(key, value);
}

/** Rows of a kind are counted here, because counting them in the table means to read it. */
export const rowsKey = (kind: KindColumns): string => `rows:${kind.name}`;

/** Times of the first and the last event are kept here for the same reason. */
export const spanKeys = { from: "time:from", to: "time:to" } as const;

export function readNumber(db: DatabaseSync, sql: string): number {
  const row = db.prepare(sql).get();
  return row === undefined ? 0 : Number(Object.values(row)[0]);
}

/** Runs what opens a database; closes it again and names the cause when that fails. */
function guarded<T>(path: string, open: (keep: (db: DatabaseSync) => DatabaseSync) => T): T {
  let opened: DatabaseSync | undefined;
  try {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw new Error("it is a directory");
    return open((db) => {
      opened = db;
      return db;
    });
  } catch (error) {
    opened?.close();
    if (error instanceof OddwireError) throw error;
    throw new OddwireError("ODW_STORE_UNREADABLE", { path, cause: causeOf(error) }, { cause: error });
  }
}

/** SQLite's words for what went wrong, in one line. */
export const causeOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).replace(/\s+/g, " ");
