import { expect, test } from "vitest";
import { Random } from "#base/random.ts";
import { makeOffice } from "./office.ts";
import { OfficeHours } from "./office-hours.ts";

const HOUR = 3_600e6;
const begin = 1e15;
const { workstations } = makeOffice(new Random(1));
const hours = new OfficeHours(new Random(2), begin);
/** How many are there at that hour; the office's day begins at nine. */
const there = (hour: number): number => workstations.filter((host) => hours.away(host, begin + (hour - 9) * HOUR) === 0).length;

test.each<[string, number, number, number]>([
  ["all are there when it begins", 9, 16, 16],
  ["nearly all in the afternoon", 15, 13, 16],
  ["some have lunch", 12.7, 1, 13],
  ["nobody at night", 23, 0, 0],
  ["most come on the next day", 24 + 10.5, 12, 16],
  ["hardly anybody on a Saturday", 5 * 24 + 12, 0, 3],
])("%s", (_case, hour, least, most) => {
  expect(there(hour)).toBeGreaterThanOrEqual(least);
  expect(there(hour)).toBeLessThanOrEqual(most);
});

test("who is away is there when that time is over", () => {
  for (const host of workstations)
    for (let hour = 9; hour < 9 + 7 * 24; hour += 0.37) {
      const now = begin + (hour - 9) * HOUR;
      const away = hours.away(host, now);
      if (away > 0) expect(hours.away(host, now + away + 1)).toBe(0);
    }
});

test("customers are most in the afternoon and some at night", () => {
  expect(hours.custom(begin + 7 * HOUR)).toBeGreaterThan(0.95);
  expect(hours.custom(begin + 19 * HOUR)).toBeLessThan(0.15);
});
