import { columnsOf } from "#query/column-value.ts";
import type { Column, Kind } from "#schema/field.ts";

/** What a table needs to know of a kind. */
export type KindColumns = Pick<Kind, "name" | "columns">;

/** `PRAGMA application_id` of a store: "ODDW". */
export const applicationId = 0x4f444457;
/** `PRAGMA user_version`: grows when old programs could not read the tables. New tables, columns and indexes do not count. */
export const storeVersion = 1;

/** Holds the JSON of everything that the columns in front of it do not give back. See sqlite/line-columns.ts. */
export const bodyColumn = "body";

/** Table of rows per kind and of remarks about the store. */
export const metaTable = `CREATE TABLE IF NOT EXISTS oddwire_meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID`;

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/**
 * Addresses are stored as keys (IPv4 a number, IPv6 a text), so that a network is a range of an index. Texts compare
 * without regard to case, as the query language does.
 */
function columnType(column: Column): string {
  if (column.format === "address") return "ANY";
  if (column.type === "text") return "TEXT COLLATE NOCASE";
  return column.type === "integer" ? "INTEGER" : "REAL";
}

const definition = (column: Column): string => `${quoted(column.name)} ${columnType(column)}`;

/** The kind's table. */
export function createTable(kind: KindColumns): string {
  const lines = [...columnsOf(kind).map(definition), `${quoted(bodyColumn)} TEXT NOT NULL`];
  return `CREATE TABLE ${quoted(kind.name)} (\n  ${lines.join(",\n  ")}\n) STRICT`;
}

export const addColumn = (kind: KindColumns, column: Column): string => `ALTER TABLE ${quoted(kind.name)} ADD COLUMN ${definition(column)}`;

/** Statements for the indexes that the kind's columns declare; harmless when they exist. */
export function createIndexes(kind: KindColumns): readonly string[] {
  return columnsOf(kind)
    .filter((column) => column.index === true)
    .map(
      (column) => `CREATE INDEX IF NOT EXISTS ${quoted(`${kind.name}_${column.name}`)} ON ${quoted(kind.name)} (${quoted(column.name)})`,
    );
}

/** Name of the view that shows a kind's addresses and times as text, for people with a database browser. */
export const viewName = (kind: KindColumns): string => `${kind.name}_readable`;

export function createView(kind: KindColumns): string {
  const columns = columnsOf(kind).map((column) => {
    const name = quoted(column.name);
    if (column.format === "address") return `${addressTextSql(name)} AS ${name}`;
    if (column.format === "time") return `strftime('%Y-%m-%dT%H:%M:%f', ${name} / 1000000.0, 'unixepoch') AS ${name}`;
    return name;
  });
  return `CREATE VIEW ${quoted(viewName(kind))} AS SELECT ${columns.join(", ")}, ${quoted(bodyColumn)} FROM ${quoted(kind.name)}`;
}

/** SQL that turns an address key into text. */
export function addressTextSql(column: string): string {
  const octets = [24, 16, 8, 0].map((shift) => `((${column} >> ${shift}) & 255)`).join(" || '.' || ");
  return `(CASE typeof(${column}) WHEN 'integer' THEN ${octets} ELSE ${column} END)`;
}

/** Short text that changes whenever a kind, a column, its type or its index does. */
export function fingerprint(kinds: readonly KindColumns[]): string {
  let hash = 0x811c9dc5;
  const text = kinds
    .map((kind) => [createTable(kind), createView(kind), ...createIndexes(kind)].join(";"))
    .toSorted()
    .join(";");
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
