import { clockMillis, day, microsOf, utc } from "#web/format/time.ts";
import { UNKNOWN } from "#web/format/units.ts";

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
