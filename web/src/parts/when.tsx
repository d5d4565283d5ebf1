import { clockMillis, day, microsOf, utc } from "#base/time-words.ts";
import { UNKNOWN } from "#base/units.ts";

/** A moment in local time, in UTC on hover. `time` is microseconds or an event's time text. */
export function When({ time, date = false }: { readonly time: unknown; readonly date?: boolean }) {
  const micros = microsOf(time);
  if (micros === undefined) return <>{UNKNOWN}</>;
  return (
    <time className="num" title={utc(micros)}>
      {date && <span className="dim">{day(micros)} </span>}
      {clockMillis(micros)}
    </time>
  );
}
