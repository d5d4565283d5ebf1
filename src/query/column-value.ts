import { parseTime } from "#base/time.ts";
import { commonColumns } from "#schema/common.ts";
import type { Column, Kind } from "#schema/field.ts";
import { addressKey } from "./address.ts";

/** What a column holds: addresses as keys (see address.ts), times as microseconds, truth as 0 or 1. */
export type ColumnValue = string | number | undefined;

/** Characters of a text that columns keep and queries see; the event itself is kept whole. */
export const columnCharsMax = 4096;

/** All columns of a kind: the common ones first. A name that stands in both is the common one. */
export function columnsOf(kind: Pick<Kind, "columns">): readonly Column[] {
  const names = new Set(commonColumns.map((column) => column.name));
  return [...commonColumns, ...kind.columns.filter((column) => !names.has(column.name))];
}

/** What an event has in a column. */
export function columnValue(column: Column, event: { readonly [member: string]: unknown }): ColumnValue {
  return toColumn(column, memberAt(event, column.path.split("."), 0));
}

/** The member at `path[at…]`. Lists on the way give the members of all their items, unless the path has an index. */
export function memberAt(value: unknown, path: readonly string[], at: number): unknown {
  if (at === path.length || value === undefined || value === null) return value;
  const name = path[at] as string;
  if (Array.isArray(value)) {
    if (/^\d+$/.test(name)) return memberAt(value[Number(name)], path, at + 1);
    const found = value.map((item) => memberAt(item, path, at)).filter((item) => item !== undefined && item !== null);
    return found.length === 0 ? undefined : found;
  }
  if (typeof value !== "object" || !Object.hasOwn(value, name)) return undefined;
  return memberAt((value as { readonly [name: string]: unknown })[name], path, at + 1);
}

/** A JSON value in the form of the column; `undefined` when it has none there. */
export function toColumn(column: Column, value: unknown): ColumnValue {
  if (value === undefined || value === null) return undefined;
  if (column.type === "text") return column.format === "address" ? toAddress(value) : toText(value);
  if (Array.isArray(value)) return toColumn(column, value[0]);
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "string") return column.format === "time" ? parseTime(value) : undefined;
  if (typeof value !== "number" || !Number.isFinite(value)) return undefined;
  if (column.type === "real") return value;
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? Math.trunc(value) + 0 : undefined;
}

function toAddress(value: unknown): ColumnValue {
  if (Array.isArray(value)) return toAddress(value[0]);
  if (typeof value !== "string") return undefined;
  return addressKey(value) ?? value.slice(0, columnCharsMax);
}

function toText(value: unknown): string {
  if (typeof value === "string") return value.length > columnCharsMax ? value.slice(0, columnCharsMax) : value;
  if (Array.isArray(value)) return value.map(toText).join(",").slice(0, columnCharsMax);
  return JSON.stringify(value).slice(0, columnCharsMax);
}

/** ASCII letters in lower case, the others as they are: how texts are compared. */
export const foldCase = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
