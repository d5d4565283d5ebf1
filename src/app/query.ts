import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { csvOf } from "#api/csv.ts";
import { nearestWord } from "#base/nearest-word.ts";
import { OddwireError } from "#contract/errors.ts";
import type { OddwireEvent } from "#contract/event.ts";
import type { GroupRow, Plan } from "#contract/store.ts";
import { columnsOf, memberAt } from "#query/column-value.ts";
import { parseQuery } from "#query/parse.ts";
import type { Column, Kind } from "#schema/field.ts";
import { SqliteStore } from "#store/sqlite/store.ts";
import { kindNamed } from "./kinds.ts";
import { storeDirectory } from "./outputs.ts";
import { allKinds } from "./plugins.ts";

/** A question to a store, as a person asks it. */
export interface QueryRequest {
  /** `flow` or `flows`, `dns`, `alerts` … */
  readonly kind: string;
  /** In the query language; empty for all. */
  readonly expression: string;
  /** Most events, or groups; 0 for all events. */
  readonly limit: number;
  /** Column to sort by, `-` in front for descending; newest first when absent. */
  readonly order?: string | undefined;
  /** Columns to show; the kind's when absent. */
  readonly columns?: readonly string[] | undefined;
}

/** A question that makes sense: `Query` answers it. */
export interface CheckedQuery {
  readonly kind: Kind;
  readonly plan: Plan;
  /** Columns to show. */
  readonly columns: readonly Column[];
  /** True when a person chose them. */
  readonly chosen: boolean;
}

/** What may be asked for that is the newest event of each value of a column. */
const states: ReadonlyMap<string, string> = new Map([["players", "id"]]);
/** Rows that are fetched with one question. */
const pageRows = 1000;

/** The store's file: the one that was named, or the one in the directory. */
function fileOf(out: string | undefined): string {
  const directory = storeDirectory(out);
  return statSync(directory, { throwIfNoEntry: false })?.isFile() === true ? directory : join(directory, "oddwire.db");
}

/** Checks everything that a person can get wrong. Throws `ODW_USAGE` or `ODW_QUERY_BAD`. */
export function checkQuery(request: QueryRequest, now: number): CheckedQuery {
  const kind = kindNamed(request.kind);
  const order = request.order ?? "-time";
  const newestOf = states.get(request.kind.toLowerCase());
  const result = parseQuery(kind, request.expression, {
    now,
    order: { column: columnNamed(kind, order.replace(/^-/, ""), "--order").name, descending: order.startsWith("-") },
    limit: request.limit === 0 ? pageRows : request.limit,
  });
  if (!result.ok) throw new OddwireError("ODW_QUERY_BAD", { cause: result.cause, column: result.column });
  const columns = request.columns?.map((name) => columnNamed(kind, name, "--columns")) ?? columnsOf(kind);
  return {
    kind,
    plan: newestOf === undefined ? result.plan : { ...result.plan, newestOf },
    columns,
    chosen: request.columns !== undefined,
  };
}

/** A column of the kind by its name or its path in the event. `option` says who asked. */
export function columnNamed(kind: Kind, name: string, option: string): Column {
  const columns = columnsOf(kind);
  const found = columns.find((column) => column.name === name.toLowerCase() || column.path === name);
  if (found !== undefined) return found;
  const names = columns.map((column) => column.name);
  const near = nearestWord(name, names);
  const hint = near === undefined ? `${kind.name} has ${names.join(", ")}` : `did you mean ${near}?`;
  throw new OddwireError("ODW_USAGE", { cause: `${option} ${name}: unknown column; ${hint}` });
}

/** Opens a store for questions: a directory, a file, or the usual directory when nothing is named. Throws `ODW_STORE_UNREADABLE` when there is none. */
export async function openQuery(out: string | undefined): Promise<Query> {
  const file = fileOf(out);
  if (!existsSync(file)) {
    const cause = "there is no such file; `oddwire read FILE` or `oddwire live` makes one, -o says where it is";
    throw new OddwireError("ODW_STORE_UNREADABLE", { path: file, cause });
  }
  const store = new SqliteStore(file, allKinds, { timeoutMs: 60_000 });
  try {
    await store.start();
  } catch (error) {
    await store[Symbol.asyncDispose]();
    throw error;
  }
  return new Query(store);
}

/** An open store that answers checked questions. */
export class Query {
  readonly #store: SqliteStore;

  constructor(store: SqliteStore) {
    this.#store = store;
  }

  /** Events page by page, at most `limit` (0 for all), so that a large answer needs little memory. */
  async *pages(plan: Plan, limit: number): AsyncGenerator<readonly OddwireEvent[]> {
    let left = limit === 0 ? Number.POSITIVE_INFINITY : limit;
    let cursor: string | undefined;
    do {
      const page = await this.#store.query({ ...plan, limit: Math.min(left, pageRows), ...(cursor === undefined ? {} : { cursor }) });
      left -= page.events.length;
      cursor = page.next;
      yield page.events;
    } while (cursor !== undefined && left > 0);
  }

  count(plan: Plan): Promise<number> {
    return this.#store.count(plan);
  }

  top(plan: Plan, column: Column, sum: Column | undefined): Promise<readonly GroupRow[]> {
    return this.#store.top(plan, column.name, sum?.name);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#store[Symbol.asyncDispose]();
  }
}

/** Value of a column in an event, as it stands there. */
export const valueAt = (column: Column, event: OddwireEvent): unknown => memberAt(event, column.path.split("."), 0);

/** Events as CSV; the head line only with the first page. */
export function csvPage(columns: readonly Column[], events: readonly OddwireEvent[], first: boolean): string {
  const text = csvOf(columns, events);
  return first ? text : text.slice(text.indexOf("\r\n") + 2);
}
