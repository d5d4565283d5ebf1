import { clockMillis, day, microsOf, nearMoment, utc } from "#base/time-words.ts";
import { UNKNOWN } from "#base/units.ts";
import { useLive } from "#web/state/context.ts";

/**
 * A moment in local time, in UTC on hover. Without `date` the day is left out when it is that of the capture clock.
 * `time` is microseconds or an event's time text.
 */
export function When({ time, date = false }: { readonly time: unknown; readonly date?: boolean }) {
  // The moment itself may be anything: what matters is the day, which changes once a day.
  const today = useLive((state) => (state.summary === undefined ? undefined : day(state.summary.time)));
  const micros = microsOf(time);
  if (micros === undefined) return <>{UNKNOWN}</>;
  return (
    <time className="num" title={`${day(micros)} ${clockMillis(micros)} here, ${utc(micros)}`}>
      {date ? (
        <>
          <span className="dim">{day(micros)} </span>
          {clockMillis(micros)}
        </>
      ) : (
        nearMoment(micros, today)
      )}
    </time>
  );
}
