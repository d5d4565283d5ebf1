import { type DerCursor, Tag } from "#base/der.ts";

/**
 * Text of a UTCTime or GeneralizedTime (RFC 5280 §4.1.2.5) in UTC: `2026-01-31T23:59:59`. The cursor stands on the
 * element. `undefined` when it is no time.
 */
export function timeText(time: DerCursor): string | undefined {
  const long = time.tag === Tag.generalizedTime;
  if ((!long && time.tag !== Tag.utcTime) || time.stop - time.start > 32) return undefined;
  const text = String.fromCharCode(...time.bytes.subarray(time.start, time.stop));
  const match = PATTERN.exec(long ? text : century(text));
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((digits) => Number(digits ?? 0)) as SixNumbers;
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  // A 30th of February is no day.
  if (date.getUTCDate() !== day) return undefined;
  date.setUTCHours(hour, minute - offsetMinutes(match[7] ?? "Z"), second);
  return date.getUTCFullYear() < 0 || date.getUTCFullYear() > 9999 ? undefined : date.toISOString().slice(0, 19);
}

type SixNumbers = [number, number, number, number, number, number];
const PATTERN = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(?:[.,]\d+)?(Z|[+-]\d{4})?$/;

/** Two digits of a year mean 1950 to 2049. */
const century = (text: string): string => (text < "5" ? `20${text}` : `19${text}`);

function offsetMinutes(zone: string): number {
  if (zone === "Z") return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3));
  return zone.startsWith("-") ? -minutes : minutes;
}
