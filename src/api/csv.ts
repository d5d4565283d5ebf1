import type { OddwireEvent } from "#contract/event.ts";
import { memberAt } from "#query/column-value.ts";
import type { Column } from "#schema/field.ts";

/**
 * Events as CSV (RFC 4180): one line of column names, one line for each event, values as they stand in the event.
 * Strangers choose what is in a DNS name or a header; a text that a spreadsheet would run as a formula gets a `'` in front.
 */
export function csvOf(columns: readonly Column[], events: readonly OddwireEvent[]): string {
  const paths = columns.map((column) => column.path.split("."));
  const lines = events.map((event) => paths.map((path) => cell(memberAt(event, path, 0))).join(","));
  return `${[columns.map((column) => column.name).join(","), ...lines].join("\r\n")}\r\n`;
}

function cell(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
