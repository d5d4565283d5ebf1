import { MICROS_PER_SECOND } from "#base/time.ts";

/** A span of time in microseconds as people say it: `4 ms`, `0.3 s`, `12 s`, `14 min`. */
export function duration(span: number): string {
  const seconds = Math.max(0, span) / MICROS_PER_SECOND;
  if (seconds < 0.1) return `${Math.max(1, Math.round(seconds * 1000))} ms`;
  if (seconds < 10) return `${Number(seconds.toPrecision(2))} s`;
  return seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}
