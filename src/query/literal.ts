import { MICROS_PER_SECOND, type Micros, parseTime, TimeText } from "#base/time.ts";
import type { Column } from "#schema/field.ts";
import { QueryProblem, type Token } from "./token.ts";

const SCALES: { readonly [unit: string]: number } = {
  "": 1,
  k: 1e3,
  m: 1e6,
  g: 1e9,
  t: 1e12,
  ki: 2 ** 10,
  mi: 2 ** 20,
  gi: 2 ** 30,
  ti: 2 ** 40,
};
const SPANS: { readonly [unit: string]: number } = { s: 1, m: 60, min: 60, h: 3600, d: 86_400, w: 604_800 };

/** A number with its unit: `80`, `1.5k`, `2M`, `1GiB`, `true`. Decimal units count in thousands. */
export function numberOf(column: Column, token: Token): number {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)([kmgt]i?)?b?$/i.exec(token.text);
  const scale = SCALES[match?.[2]?.toLowerCase() ?? ""] as number;
  const value = match === null ? (TRUTH[token.text.toLowerCase()] ?? Number.NaN) : Number(match[1]) * scale + 0;
  if (Number.isNaN(value)) throw new QueryProblem(token.at, `expected a number for ${column.name} (80, 1.5k, 2M), found ${found(token)}`);
  if (!Number.isFinite(value) || (column.type === "integer" && !Number.isSafeInteger(value)))
    throw new QueryProblem(token.at, `expected a whole number for ${column.name}, found ${found(token)}`);
  return value;
}

const TRUTH: { readonly [word: string]: number } = { true: 1, yes: 1, false: 0, no: 0 };

/**
 * A time in microseconds: `2026-01-31`, `2026-01-31T10:00:00Z`, `-1h` and `now` (counted from `now`), or seconds,
 * milliseconds or microseconds since 1970 (10, 13, 16 digits). Without a zone it is UTC.
 */
export function timeOf(column: Column, token: Token, now: number | undefined): number {
  const value = relativeTime(token, now) ?? epochTime(token.text) ?? calendarTime(token.text);
  if (value === undefined)
    throw new QueryProblem(token.at, `expected a time for ${column.name} (2026-01-31, 2026-01-31T10:00, -1h), found ${found(token)}`);
  if (!Number.isSafeInteger(value)) throw new QueryProblem(token.at, `expected a time between 1700 and 2255, found ${found(token)}`);
  return value;
}

function relativeTime(token: Token, now: number | undefined): number | undefined {
  const match = /^(?:now)?(?:([+-]\d{1,9}(?:\.\d{1,9})?)(s|m|min|h|d|w))?$/i.exec(token.text);
  if (match === null || token.text === "") return undefined;
  if (now === undefined) throw new QueryProblem(token.at, "times relative to now mean nothing here; expected a date");
  const seconds = match[1] === undefined ? 0 : Number(match[1]) * (SPANS[(match[2] as string).toLowerCase()] as number);
  return Math.round(now + seconds * MICROS_PER_SECOND);
}

function epochTime(text: string): number | undefined {
  if (!/^(?:\d{10}|\d{13}|\d{16})$/.test(text)) return undefined;
  return Number(text) * 10 ** (16 - text.length);
}

function calendarTime(text: string): number | undefined {
  const match = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d(?:\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?$/i.exec(text);
  if (match === null) return undefined;
  return parseTime(`${match[1]}T${match[2] ?? "00:00"}${match[3] ?? ":00"}${(match[4] ?? "Z").toUpperCase()}`);
}

/** The time as it is written in a query. */
export const timeText = (time: number): string => new TimeText().format(time as Micros).slice(0, -"+0000".length);

/** A token as errors quote it. */
export const found = (token: Token): string => (token.type === "end" ? "the end" : JSON.stringify(token.text.slice(0, 60)));
