import { clock, day } from "#base/time-words.ts";
import type { Column } from "#tui/parts/column.ts";

/** The capture clock, microseconds; `undefined` where no engine runs. */
export type Now = () => number | undefined;

/** Time of day, with the date when it is not that of `now` (microseconds), with the year too when there is no now. */
export function timeText(time: number | undefined, now: number | undefined): string {
  if (time === undefined || (now !== undefined && day(time) === day(now))) return clock(time);
  return now === undefined ? `${day(time)} ${clock(time).slice(0, 5)}` : shortText(time);
}

const shortText = (time: number): string => `${day(time).slice(5)} ${clock(time).slice(0, 5)}`;

/**
 * `14:03:27` while an engine runs, `2026-12-31 14:03` of what is stored: a capture may be years old. A `tight` column
 * leaves the year to the detail.
 */
export const timeColumn = <Row>(
  title: string,
  spare: number,
  now: Now,
  timeOf: (row: Row) => number | undefined,
  tight = false,
): Column<Row> => ({
  title,
  spare,
  get width() {
    return now() !== undefined ? 8 : tight ? 11 : 16;
  },
  text(row) {
    const time = timeOf(row);
    return tight && time !== undefined && now() === undefined ? shortText(time) : timeText(time, now());
  },
  order: (row) => timeOf(row) ?? 0,
});
