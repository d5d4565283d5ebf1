import { expect, test } from "vitest";
import { clock, clockMillis, day, duration, microsOf, moment, nearMoment, utc } from "./time-words.ts";

const MOMENT = Date.UTC(2026, 0, 31, 23, 59, 59, 512) * 1000 + 345;

test.each([
  ["UTC is exact to the microsecond", utc(MOMENT), "2026-01-31 23:59:59.512345 UTC"],
  ["UTC of an impossible time is empty", utc(Number.MAX_VALUE), ""],
  ["an unknown moment is a dash", moment(undefined), "–"],
  ["no time at all", duration(0), "0 s"],
  ["microseconds", duration(0.00035), "350 µs"],
  ["milliseconds", duration(0.0123), "12.3 ms"],
  ["seconds", duration(4.25), "4.25 s"],
  ["minutes", duration(185), "3 min 5 s"],
  ["whole minutes", duration(120), "2 min"],
  ["hours", duration(7800), "2 h 10 min"],
  ["days", duration(356_400), "4 d 3 h"],
])("%s", (_case, shown, expected) => expect(shown).toBe(expected));

test("an event's time text and its microseconds are the same moment", () => {
  expect(microsOf("2026-01-31T23:59:59.512345+0000")).toBe(MOMENT);
  expect(microsOf(MOMENT)).toBe(MOMENT);
  expect(microsOf({})).toBeUndefined();
});

test("the local clock shows milliseconds", () => {
  expect(clockMillis(MOMENT)).toMatch(/^\d\d:\d\d:59\.512$/);
});

test.each([
  ["today: the time alone", day(MOMENT), clockMillis(MOMENT)],
  ["another day of the year", `${day(MOMENT).slice(0, 4)}-07-01`, `${day(MOMENT).slice(5)} ${clock(MOMENT)}`],
  ["another year", "1999-07-01", `${day(MOMENT)} ${clock(MOMENT).slice(0, 5)}`],
  ["where there is no now", undefined, `${day(MOMENT)} ${clock(MOMENT).slice(0, 5)}`],
])("a moment beside %s", (_case, today, expected) => expect(nearMoment(MOMENT, today)).toBe(expected));
