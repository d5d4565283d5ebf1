import { OddwireError } from "#contract/errors.ts";
import type { OddwireEvent } from "#contract/event.ts";
import type { GroupRow, Page, Plan, Store } from "#contract/store.ts";
import { type ColumnValue, columnsOf, columnValue } from "#query/column-value.ts";
import { matcher } from "#query/matcher.ts";
import type { Column, Kind } from "#schema/field.ts";

interface Row {
  readonly number: number;
  readonly event: OddwireEvent;
}

/** A store in memory, plain and slow, with the promises of the real ones: pages neither repeat nor leave out. */
export class FakeStore implements Store {
  readonly #kinds: ReadonlyMap<string, Kind>;
  readonly #rowsMax: number;
  readonly #rows = new Map<string, Row[]>();
  #number = 0;
  /** When set, every question waits for it: for tests of slowness. */
  hold: Promise<void> | undefined;

  constructor(kinds: readonly Kind[], rowsMax = 20_000) {
    this.#kinds = new Map(kinds.map((kind) => [kind.name, kind]));
    this.#rowsMax = rowsMax;
  }

  add(events: readonly OddwireEvent[]): void {
    for (const event of events) {
      const rows = this.#rows.get(event.event_type) ?? [];
      rows.push({ number: ++this.#number, event });
      if (rows.length > this.#rowsMax) rows.shift();
      this.#rows.set(event.event_type, rows);
    }
  }

  async query(plan: Plan): Promise<Page> {
    await this.hold;
    const sorted = this.#sorted(plan);
    const after = plan.cursor === undefined ? 0 : this.#placeOf(plan, sorted);
    const rows = sorted.slice(after, after + plan.limit);
    const last = rows.at(-1);
    const events = rows.map((row) => row.event);
    if (last === undefined || after + plan.limit >= sorted.length) return { events };
    return { events, next: JSON.stringify([this.#value(plan, last) ?? null, last.number]) };
  }

  async count(plan: Plan): Promise<number> {
    await this.hold;
    return this.#matching(plan).length;
  }

  async top(plan: Plan, column: string, sum?: string): Promise<readonly GroupRow[]> {
    await this.hold;
    const groups = new Map<ColumnValue, { count: number; sum: number }>();
    for (const { event } of this.#matching(plan)) {
      const value = columnValue(this.#column(plan.kind, column), event);
      const group = groups.get(value) ?? { count: 0, sum: 0 };
      group.count++;
      if (sum !== undefined) group.sum += Number(columnValue(this.#column(plan.kind, sum), event) ?? 0);
      groups.set(value, group);
    }
    const rows = [...groups].map(([value, group]) => ({ value, count: group.count, ...(sum !== undefined && { sum: group.sum }) }));
    return rows.toSorted((a, b) => (b.sum ?? b.count) - (a.sum ?? a.count)).slice(0, plan.limit);
  }

  async describe(): Promise<Awaited<ReturnType<Store["describe"]>>> {
    await this.hold;
    const rows = Object.fromEntries([...this.#kinds.keys()].map((kind) => [kind, this.#rows.get(kind)?.length ?? 0]));
    const all = [...this.#rows].flatMap(([kind, list]) => list.map((row) => columnValue(this.#column(kind, "time"), row.event) as number));
    const span = all.length === 0 ? {} : { from: all.reduce((a, b) => Math.min(a, b)), to: all.reduce((a, b) => Math.max(a, b)) };
    return { bytes: this.#number * 400, rows, ...span };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#rows.clear();
  }

  #column(kind: string, name: string): Column {
    const found = columnsOf(this.#kinds.get(kind) ?? { columns: [] }).find((column) => column.name === name);
    if (found === undefined) throw new Error(`the plan names a column that ${kind} has not: ${name}`);
    return found;
  }

  #matching(plan: Plan): readonly Row[] {
    const matches = matcher(this.#kinds.get(plan.kind) ?? { name: plan.kind, columns: [] }, plan);
    return this.#newest(plan, this.#rows.get(plan.kind) ?? []).filter((row) => matches(row.event));
  }

  #newest({ kind, newestOf }: Plan, rows: readonly Row[]): readonly Row[] {
    if (newestOf === undefined) return rows;
    const column = this.#column(kind, newestOf);
    return [...new Map(rows.map((row) => [columnValue(column, row.event), row])).entries()].flatMap(([value, row]) =>
      value === undefined ? [] : [row],
    );
  }

  #value(plan: Plan, row: Row): ColumnValue {
    return columnValue(this.#column(plan.kind, plan.order.column), row.event);
  }

  #sorted(plan: Plan): readonly Row[] {
    const sign = plan.order.descending ? -1 : 1;
    const rows = this.#matching(plan).map((row) => ({ row, value: this.#value(plan, row) }));
    return rows.toSorted((a, b) => sign * (compare(a.value, b.value) || a.row.number - b.row.number)).map(({ row }) => row);
  }

  #placeOf(plan: Plan, sorted: readonly Row[]): number {
    const place = readCursor(plan.cursor as string);
    const sign = plan.order.descending ? -1 : 1;
    const index = sorted.findIndex((row) => sign * (compare(this.#value(plan, row), place.value) || row.number - place.number) > 0);
    return index < 0 ? sorted.length : index;
  }
}

function compare(a: ColumnValue, b: ColumnValue): number {
  if (a === b) return 0;
  if (a === undefined || b === undefined) return a === undefined ? -1 : 1;
  if (typeof a === typeof b) return a < b ? -1 : 1;
  return typeof a === "number" ? -1 : 1;
}

function readCursor(text: string): { readonly value: ColumnValue; readonly number: number } {
  try {
    const [value, number] = JSON.parse(text) as [string | number | null, number];
    return { value: value ?? undefined, number };
  } catch {
    throw new OddwireError("ODW_QUERY_BAD", { cause: "the cursor is not one of this store", column: 1 });
  }
}
