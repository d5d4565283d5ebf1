import { parseTime } from "./time.ts";
import { UNKNOWN } from "./units.ts";

const pad = (value: number, width = 2): string => String(value).padStart(width, "0");

/** Microseconds of a number (already microseconds) or an event's time text. */
export function microsOf(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  return typeof value === "string" ? parseTime(value) : undefined;
}

/** Local time of day to the second: `14:03:27`. */
export function clock(micros: number | undefined): string {
  if (micros === undefined) return UNKNOWN;
  const date = new Date(micros / 1000);
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
}

/** Local time of day to the millisecond: `14:03:27.512`. */
export function clockMillis(micros: number | undefined): string {
  if (micros === undefined) return UNKNOWN;
  return `${clock(micros)}.${pad(Math.floor(micros / 1000) % 1000, 3)}`;
}

/** Local date: `2026-01-31`. */
export function day(micros: number | undefined): string {
  if (micros === undefined) return UNKNOWN;
  const date = new Date(micros / 1000);
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}

/** Local date and time: `2026-01-31 14:03:27.512`. */
export const moment = (micros: number | undefined): string => (micros === undefined ? UNKNOWN : `${day(micros)} ${clockMillis(micros)}`);

/**
 * The moment with as much of its date as is needed beside `today` (`2026-01-31`; `undefined` where there is no now):
 * `14:03:27.512`, on another day `01-30 14:03:27`, in another year `2010-08-21 02:10`.
 */
export function nearMoment(micros: number, today: string | undefined): string {
  const date = day(micros);
  if (date === today) return clockMillis(micros);
  return today?.slice(0, 4) === date.slice(0, 4) ? `${date.slice(5)} ${clock(micros)}` : `${date} ${clock(micros).slice(0, 5)}`;
}

/** The same moment in UTC to the microsecond, for tooltips: `2026-01-31 13:03:27.512345 UTC`. */
export function utc(micros: number | undefined): string {
  if (micros === undefined) return "";
  const date = new Date(Math.floor(micros / 1000));
  if (Number.isNaN(date.getTime())) return "";
  const text = date.toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, 19)}.${pad(Math.floor(micros) % 1_000_000, 6)} UTC`;
}

/** A length of time in seconds, two units at most: `350 µs`, `12 ms`, `4.2 s`, `3 min 5 s`, `2 h 10 min`, `4 d 3 h`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return UNKNOWN;
  if (seconds === 0) return "0 s";
  if (seconds < 0.001) return `${Math.round(seconds * 1e6)} µs`;
  if (seconds < 1) return `${Number((seconds * 1000).toPrecision(3))} ms`;
  if (seconds < 60) return `${Number(seconds.toPrecision(3))} s`;
  const whole = Math.floor(seconds);
  if (whole < 3600) return two(Math.floor(whole / 60), "min", whole % 60, "s");
  if (whole < 86_400) return two(Math.floor(whole / 3600), "h", Math.floor((whole % 3600) / 60), "min");
  return two(Math.floor(whole / 86_400), "d", Math.floor((whole % 86_400) / 3600), "h");
}

const two = (big: number, bigUnit: string, small: number, smallUnit: string): string =>
  small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;
