import { MICROS_PER_SECOND } from "#base/time.ts";
import { TCP, UDP } from "./attempt.ts";

export const transportName = (protocol: number): string => (protocol === TCP ? "TCP" : protocol === UDP ? "UDP" : `protocol ${protocol}`);

/** A span of time in microseconds as people say it: `0.3 s`, `12 s`, `4 min`, `5.2 h`. */
export function duration(span: number): string {
  const seconds = Math.max(0, span) / MICROS_PER_SECOND;
  if (seconds < 10) return `${Number(seconds.toPrecision(2))} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
