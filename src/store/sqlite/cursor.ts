import { OddwireError } from "#contract/errors.ts";
import type { Plan } from "#contract/store.ts";
import { quoted } from "#store/ddl.ts";
import type { Sql } from "./condition-sql.ts";

/** Where a page ended: the order column's value in its last row, and the row's number, which makes it unique. */
export interface Place {
  readonly value: string | number | null;
  readonly rowid: number;
}

/** The place as text that only means something for the same question. */
export function writeCursor(plan: Plan, place: Place): string {
  return Buffer.from(JSON.stringify([questionHash(plan), place.value, place.rowid])).toString("base64url");
}

/** Reads a cursor back. Throws `ODW_QUERY_BAD` when it is damaged or of another question. */
export function readCursor(plan: Plan, cursor: string): Place {
  const [hash, value, rowid] = parsed(cursor);
  const known = value === null || typeof value === "string" || typeof value === "number";
  if (hash !== questionHash(plan) || !known || typeof rowid !== "number" || !Number.isSafeInteger(rowid))
    throw new OddwireError("ODW_QUERY_BAD", { cause: "the cursor does not belong to this query", column: 1 });
  return { value, rowid };
}

/** SQL for the rows behind the place. SQLite sorts NULL before everything. */
export function afterCursor(plan: Plan, { value, rowid }: Place): Sql {
  const column = quoted(plan.order.column);
  if (value !== null && plan.order.column === "time")
    return { text: `(${column}, rowid) ${plan.order.descending ? "<" : ">"} (?, ?)`, values: [value, rowid] };
  if (plan.order.descending) {
    if (value === null) return { text: `${column} IS NULL AND rowid < ?`, values: [rowid] };
    return { text: `${column} < ? OR ${column} IS NULL OR (${column} = ? AND rowid < ?)`, values: [value, value, rowid] };
  }
  if (value === null) return { text: `${column} IS NOT NULL OR rowid > ?`, values: [rowid] };
  return { text: `${column} > ? OR (${column} = ? AND rowid > ?)`, values: [value, value, rowid] };
}

function parsed(cursor: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

function questionHash({ kind, where, order, newestOf }: Plan): number {
  const text = JSON.stringify([kind, where ?? null, order.column, order.descending, newestOf]);
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
