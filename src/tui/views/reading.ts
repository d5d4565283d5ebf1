import { microsOf } from "#base/time-words.ts";
import { endText, memberOf } from "#client/flow-row.ts";
import type { Severity } from "#client/reason.ts";
import type { OddwireEvent } from "#schema/event.ts";
import { type Style, style } from "#tui/screen/style.ts";

/** How grave things look; the word stands beside it. */
export const severityLook: Readonly<Record<Severity, Style>> = {
  info: style.dim,
  low: style.plain,
  medium: style.warning,
  high: style.bad,
  critical: style.critical,
};

/** Rank of a severity, the gravest largest. */
export const severityRank: Readonly<Record<Severity, number>> = { info: 0, low: 1, medium: 2, high: 3, critical: 4 };

export const eventTime = (event: OddwireEvent): number | undefined => microsOf(event.timestamp);

export const clientText = (event: OddwireEvent): string => (event.src_ip === undefined ? "" : endText(event.src_ip, event.src_port));
export const serverText = (event: OddwireEvent): string => (event.dest_ip === undefined ? "" : endText(event.dest_ip, event.dest_port));

export function endsText(event: OddwireEvent): string {
  const server = serverText(event);
  return server === "" ? clientText(event) : `${clientText(event)} → ${server}`;
}

/** What stands at a path of an event: `tls.sni`. */
export function valueAt(event: OddwireEvent, path: string): unknown {
  let value: unknown = event;
  for (const name of path.split(".")) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as { readonly [name: string]: unknown })[name];
  }
  return value;
}

/** A value in one line: texts as they are, lists with commas, the rest as JSON. */
export function valueText(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return value;
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
  if (Array.isArray(value)) return value.map(valueText).join(", ");
  return JSON.stringify(value) ?? "";
}

/** Id of the player that an event is about. */
export function playerOf(event: OddwireEvent): string | undefined {
  const id = memberOf(event, "player")["id"] ?? memberOf(event, "finding")["player"];
  return typeof id === "string" ? id : undefined;
}
