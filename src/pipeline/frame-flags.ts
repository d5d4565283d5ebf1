import { FrameFlag } from "#contract/source.ts";
import { M } from "#schema/metrics.ts";

/** Counts what the source says of a frame: that it came twice, before its time, or as several in one. */
export function countFlags(counters: Float64Array, flags: number): void {
  if ((flags & FrameFlag.duplicate) !== 0) counters[M.duplicates] = (counters[M.duplicates] as number) + 1;
  if ((flags & FrameFlag.clockBackwards) !== 0) counters[M.clockBackwards] = (counters[M.clockBackwards] as number) + 1;
  if ((flags & FrameFlag.merged) !== 0) counters[M.merged] = (counters[M.merged] as number) + 1;
}
