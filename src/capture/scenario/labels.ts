import type { Trace } from "./frames/frame-buffer.ts";
import { defaultStartTime, Playback, roundSeconds } from "./playback.ts";

/** The truth about the scenario: who did what to whom, first and last packet time (µs) and number of packets. */
export type Label = Readonly<Trace>;

/** All that happens in the first `seconds` of the scenario, in the order in which it begins. */
export function labels(seed: number, seconds = roundSeconds, startTime = defaultStartTime): readonly Label[] {
  const { frames, scheduler, traces } = new Playback({ seed, startTime, traced: true });
  while (scheduler.nextTime < startTime + seconds * 1e6) {
    scheduler.step();
    frames.clear();
  }
  return [...traces.values()].filter((trace) => trace.packets > 0).toSorted((a, b) => a.from - b.from);
}
