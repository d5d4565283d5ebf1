import { type CheckedQuery, csvPage, valueAt } from "#app/query.ts";
import { ipv6Text, parseAddress } from "#base/address.ts";
import type { OddwireEvent } from "#schema/event.ts";
import type { Column } from "#schema/field.ts";
import { tableText } from "./table.ts";

export type Format = "table" | "csv" | "json";

/** Columns that a narrow terminal shows at least, and the characters of one that are enough. */
const columnsMin = 4;
const columnCharsMax = 40;
/** A terminal of fewer columns gets short times, and the transport protocol of flows only. */
const narrowChars = 120;

/** Columns that a table leaves out unless they are asked for: they repeat others or say little to people. */
const quiet: ReadonlySet<string> = new Set(["flow_id", "pcap_cnt", "start", "end", "community_id"]);

/** One page of events. `first` is true for the first one, which has the head. */
export function eventsText(format: Format, checked: CheckedQuery, events: readonly OddwireEvent[], first: boolean): string {
  if (format === "json") return events.map((event) => `${JSON.stringify(event)}\n`).join("");
  if (format === "csv") return csvPage(checked.columns, events, first);
  if (events.length === 0) return "";
  const width = process.stdout.isTTY ? process.stdout.columns : undefined;
  const isNarrow = width !== undefined && width < narrowChars;
  const views = checked.chosen ? checked.columns.map(viewOf) : defaultViews(checked, events, isNarrow);
  const rows = events.map((event) => views.map((view) => view.text(event)));
  const shown = width === undefined || checked.chosen ? views.length : fitting(views, rows, width);
  return tableText(
    views.slice(0, shown),
    rows.map((row) => row.slice(0, shown)),
    width,
  );
}

/** How many columns fit a terminal without being cut beyond recognition; the first few stay whatever they take. */
function fitting(views: readonly View[], rows: readonly (readonly string[])[], width: number): number {
  let used = 0;
  for (const [i, { title }] of views.entries()) {
    used += Math.min(columnCharsMax, Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0))) + 2;
    if (used > width + 2 && i >= columnsMin) return i;
  }
  return views.length;
}

/** A column of the table: its title and its text for an event. */
interface View {
  readonly title: string;
  readonly right: boolean;
  text(event: OddwireEvent): string;
}

const viewOf = (column: Column): View => ({
  title: column.name,
  right: column.type !== "text" && column.format === undefined,
  text: (event) => cellText(column, valueAt(column, event)),
});

/** Time, both ends as one text each, and whatever of the kind's own columns has a value. */
function defaultViews({ kind, columns }: CheckedQuery, events: readonly OddwireEvent[], isNarrow: boolean): readonly View[] {
  const named = (name: string): Column | undefined => columns.find((column) => column.name === name);
  const end = (title: string, address: string, port: string): View => ({
    title,
    right: false,
    text: (event) => endText(text(named(address), event), text(named(port), event)),
  });
  const ends = new Set(["src_ip", "src_port", "dest_ip", "dest_port"]);
  const views: View[] = [];
  for (const column of columns) {
    if (column.name === "src_ip") views.push(end("client", "src_ip", "src_port"));
    else if (column.name === "dest_ip") views.push(end("server", "dest_ip", "dest_port"));
    else if (isNarrow && column.name === "time") views.push(shortTime(viewOf(column)));
    else if (isNarrow && column.name === "proto" && kind.name !== "flow") continue;
    else if (!ends.has(column.name) && !quiet.has(column.name)) views.push(viewOf(column));
  }
  return views.filter((view) => events.some((event) => view.text(event) !== ""));
}

/** Without year and fraction. */
const shortTime = (view: View): View => ({ ...view, text: (event) => view.text(event).slice(5, 19) });

const text = (column: Column | undefined, event: OddwireEvent): string =>
  column === undefined ? "" : cellText(column, valueAt(column, event));

function endText(address: string, port: string): string {
  if (port === "") return address;
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

function cellText(column: Column, value: unknown): string {
  if (Array.isArray(value)) return value.map((item) => cellText(column, item)).join(", ");
  if (typeof value === "number") return column.type === "real" ? String(Math.round(value * 1e6) / 1e6) : String(value);
  if (typeof value === "boolean") return String(value);
  if (typeof value !== "string") return value === undefined || value === null ? "" : JSON.stringify(value);
  if (column.format === "time") return value.replace("T", " ").replace(/\+0000$/, "");
  return column.format === "address" ? shortAddress(value) : value;
}

/** IPv6 in its short form; events write it in full. */
function shortAddress(address: string): string {
  const parsed = address.includes(":") ? parseAddress(address) : undefined;
  return parsed === undefined ? address : ipv6Text(...parsed.words);
}

type Group = { readonly value: string | number | undefined; readonly count: number; readonly sum?: number };

/** The largest groups of a column. */
export function groupsText(format: Format, top: Column, sum: Column | undefined, groups: readonly Group[]): string {
  if (format === "json") return groups.map((group) => `${JSON.stringify(group)}\n`).join("");
  const titles = [top.name, "count", ...(sum === undefined ? [] : [sum.name])];
  const rows = groups.map((group) => [
    String(group.value ?? ""),
    String(group.count),
    ...(sum === undefined ? [] : [String(group.sum ?? 0)]),
  ]);
  if (format === "csv") return [titles, ...rows].map((row) => `${row.map(csvCell).join(",")}\r\n`).join("");
  if (groups.length === 0) return "";
  for (const row of rows) row[0] = top.format === "address" ? shortAddress(row[0] ?? "") : row[0] || "(none)";
  const columns = titles.map((title, i) => ({ title, right: i > 0 }));
  return tableText(columns, rows, process.stdout.isTTY ? process.stdout.columns : undefined);
}

/** A cell by RFC 4180; what a spreadsheet would run as a formula gets a ' in front. */
function csvCell(value: string, index: number): string {
  const plain = index === 0 && /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

/** The kind's columns with what they mean. */
export function columnsText({ columns }: CheckedQuery): string {
  const rows = columns.map(({ name, path, type, format, doc }) => [name, path, format ?? type, doc]);
  return tableText(
    ["column", "path in the event", "type", "meaning"].map((title) => ({ title, right: false })),
    rows,
  );
}
