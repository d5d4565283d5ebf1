import { statSync } from "node:fs";
import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { type Micros, TimeText } from "#base/time.ts";
import { OddwireError } from "#contract/errors.ts";
import type { OddwireEvent } from "#contract/event.ts";
import type { GroupRow, Page, Plan, Store } from "#contract/store.ts";
import { addressText } from "#query/address.ts";
import { columnsOf } from "#query/column-value.ts";
import { commonColumns } from "#schema/common.ts";
import type { Column } from "#schema/field.ts";
import { bodyColumn, type KindColumns, quoted } from "#store/ddl.ts";
import { conditionSql, knownColumn, type Sql, type TableColumns } from "./condition-sql.ts";
import { afterCursor, type Place, readCursor, writeCursor } from "./cursor.ts";
import { headMembers } from "./line-columns.ts";
import { openForReading, readMeta, rowsKey, spanKeys, tableColumns } from "./open.ts";

/** Rows of a page, and groups, at most. */
export const pageRowsMax = 10_000;
/** Bytes of event text after which a page ends early. */
const PAGE_BYTES_MAX = 16_777_216;
/** The clock is looked at for one row in so many. */
const TICK_ROWS = 1024;

export type Description = Awaited<ReturnType<Store["describe"]>>;

/** Answers questions about a store. Synchronous: it lives in a reader thread. */
export class StoreReader {
  readonly #path: string;
  readonly #kinds: ReadonlyMap<string, KindColumns>;
  readonly #timeoutMs: number;
  readonly #db: DatabaseSync;
  readonly #timeText = new TimeText();
  #deadline = 0;

  /** Opens the store. Throws `OddwireError` when there is none that can be read. */
  constructor(path: string, kinds: readonly KindColumns[], timeoutMs: number) {
    this.#path = path;
    this.#kinds = new Map(kinds.map((kind) => [kind.name, kind]));
    this.#timeoutMs = timeoutMs;
    this.#db = openForReading(path);
    this.#db.function("oddwire_tick", () => this.#tick());
  }

  query(plan: Plan): Page {
    const table = this.#table(plan.kind);
    const order = knownColumn(plan.order.column, table);
    if (!table.present.has(order.name)) return { events: [] };
    const where = this.#where(plan, table, this.#place(plan));
    const direction = plan.order.descending ? "DESC" : "ASC";
    const selected = ["rowid", quoted(order.name), ...commonColumns.map((column) => quoted(column.name)), bodyColumn];
    const limit = clampRows(plan.limit);
    const text = `SELECT ${selected.join(", ")} FROM ${quoted(plan.kind)} WHERE ${where.text}
      ORDER BY ${quoted(order.name)} ${direction}, rowid ${direction} LIMIT ${limit + 1}`;
    return this.#page(plan, limit, this.#rows({ text, values: where.values }));
  }

  #page(plan: Plan, limit: number, rows: Iterable<readonly unknown[]>): Page {
    const events: OddwireEvent[] = [];
    let last: Place | undefined;
    let bytes = 0;
    for (const row of rows) {
      if (events.length === limit || bytes > PAGE_BYTES_MAX) return { events, next: writeCursor(plan, last as Place) };
      last = { value: row[1] as Place["value"], rowid: row[0] as number };
      bytes += (row.at(-1) as string).length;
      events.push(this.#event(plan.kind, row));
    }
    return { events };
  }

  count(plan: Plan): number {
    const table = this.#table(plan.kind);
    if (table.present.size === 0) return 0;
    if (plan.where === undefined && plan.newestOf === undefined) return this.#rowsOf(plan.kind);
    const where = this.#where(plan, table);
    const [row] = this.#rows({ text: `SELECT count(*) FROM ${quoted(plan.kind)} WHERE ${where.text}`, values: where.values });
    return Number(row?.[0] ?? 0);
  }

  top(plan: Plan, column: string, sum: string | undefined): readonly GroupRow[] {
    const table = this.#table(plan.kind);
    const group = knownColumn(column, table);
    const added = sum === undefined ? undefined : knownColumn(sum, table);
    if (!table.present.has(group.name) || (added !== undefined && !table.present.has(added.name))) return [];
    const where = this.#where(plan, table);
    const measure = added === undefined ? "0" : `total(${quoted(added.name)})`;
    const text = `SELECT ${quoted(group.name)}, count(*), ${measure} FROM ${quoted(plan.kind)} WHERE ${where.text}
      GROUP BY 1 ORDER BY ${added === undefined ? 2 : 3} DESC, 1 LIMIT ${clampRows(plan.limit)}`;
    return [...this.#rows({ text, values: where.values })].map(([value, count, total]): GroupRow => {
      const row = { value: shown(group, value), count: Number(count) };
      return added === undefined ? row : Object.assign(row, { sum: Number(total) });
    });
  }

  describe(): Description {
    const rows = Object.fromEntries([...this.#kinds.keys()].map((kind) => [kind, this.#rowsOf(kind)]));
    const [from, to] = [spanKeys.from, spanKeys.to].map((key) => readMeta(this.#db, key));
    return {
      bytes: fileBytes(this.#path) + fileBytes(`${this.#path}-wal`),
      rows,
      ...(from === undefined ? {} : { from: Number(from) }),
      ...(to === undefined ? {} : { to: Number(to) }),
    };
  }

  close(): void {
    this.#db.close();
  }

  #rowsOf(kind: string): number {
    const rows = readMeta(this.#db, rowsKey({ name: kind, columns: [] }));
    return rows === undefined ? 0 : Number(rows);
  }

  #table(kind: string): TableColumns {
    const known = this.#kinds.get(kind);
    if (known === undefined) throw new OddwireError("ODW_QUERY_BAD", { cause: `unknown kind ${JSON.stringify(kind)}`, column: 1 });
    return { known: new Map(columnsOf(known).map((column) => [column.name, column])), present: tableColumns(this.#db, kind) };
  }

  #place(plan: Plan): Place | undefined {
    return plan.cursor === undefined ? undefined : readCursor(plan, plan.cursor);
  }

  #where(plan: Plan, table: TableColumns, place?: Place): Sql {
    const parts: Sql[] = [{ text: `(rowid & ${TICK_ROWS - 1}) <> 0 OR oddwire_tick()`, values: [] }];
    if (plan.where !== undefined) parts.push(conditionSql(plan.where, table));
    if (plan.newestOf !== undefined) parts.push(newestSql(plan.kind, knownColumn(plan.newestOf, table).name));
    if (place !== undefined) parts.push(afterCursor(plan, place));
    return { text: parts.map(({ text }) => `(${text})`).join(" AND "), values: parts.flatMap(({ values }) => values) };
  }

  #rows(sql: Sql): Iterable<readonly unknown[]> {
    this.#deadline = performance.now() + this.#timeoutMs;
    const statement = this.#db.prepare(sql.text);
    statement.setReturnArrays(true);
    return statement.iterate(...(sql.values as SQLInputValue[])) as Iterable<unknown> as Iterable<readonly unknown[]>;
  }

  #tick(): number {
    if (performance.now() > this.#deadline) throw new OddwireError("ODW_QUERY_SLOW", { seconds: this.#timeoutMs / 1000 });
    return 1;
  }

  /** The event as it stood in eve.json: the head from the columns, then the body. */
  #event(kind: string, row: readonly unknown[]): OddwireEvent {
    const body = parsedBody(row.at(-1) as string);
    const head: { [member: string]: unknown } = {};
    for (const member of headMembers) {
      if (Object.hasOwn(body, member)) continue;
      const value = member === "event_type" ? kind : this.#headValue(member, row);
      if (value !== undefined) head[member] = value;
    }
    return { ...head, ...body } as OddwireEvent;
  }

  #headValue(member: string, row: readonly unknown[]): string | number | undefined {
    const slot = commonColumns.findIndex((column) => column.path === member);
    const value = row[slot + 2] as string | number | null;
    if (value === null) return undefined;
    return slot === 0 ? this.#timeText.format(value as Micros) : shown(commonColumns[slot] as Column, value);
  }
}

/** The rows that were written last of each value: an index of the column answers it without the table. */
const newestSql = (kind: string, column: string): Sql => ({
  text: `rowid IN (SELECT max(rowid) FROM ${quoted(kind)} WHERE ${quoted(column)} IS NOT NULL GROUP BY ${quoted(column)})`,
  values: [],
});

const clampRows = (limit: number): number => Math.max(1, Math.min(pageRowsMax, Math.trunc(limit) || 1));

/** A stored value as events and answers show it. */
function shown(column: Column, value: unknown): string | number | undefined {
  if (value === null || value === undefined) return undefined;
  return column.format === "address" ? addressText(value as string | number) : (value as string | number);
}

function parsedBody(text: string): { readonly [member: string]: unknown } {
  try {
    return JSON.parse(text) as { readonly [member: string]: unknown };
  } catch {
    return {};
  }
}

function fileBytes(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
