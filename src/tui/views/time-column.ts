import { clock, day } from "#base/time-words.ts";
import type { Column } from "#tui/parts/column.ts";

/** The capture clock, microseconds; `undefined` where no engine runs. */
export type Now = () => number | undefined;

/** Time of day, with the date when it is not that of `now` (microseconds), or there is no now. */
export function timeText(time: number | undefined, now: number | undefined): string {
  if (time === undefined || (now !== undefined && day(time) === day(now))) return clock(time);
  return `${day(time).slice(5)} ${clock(time).slice(0, 5)}`;
}

/** `14:03:27` while an engine runs, `12-31 14:03` of what is stored. */
export const timeColumn = <Row>(title: string, spare: number, now: Now, timeOf: (row: Row) => number | undefined): Column<Row> => ({
  title,
  spare,
  get width() {
    return now() === undefined ? 11 : 8;
  },
  text: (row) => timeText(timeOf(row), now()),
  order: (row) => timeOf(row) ?? 0,
});
