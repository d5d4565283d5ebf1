import { PcapWriter } from "#capture/pcap-writer.ts";
import { actors } from "./actors/list.ts";
import { defaultStartTime, Playback, roundSeconds } from "./playback.ts";

export interface RecordingOptions {
  readonly seed: number;
  /** 300 by default. */
  readonly seconds?: number;
  /** Packet time of the beginning, µs. */
  readonly startTime?: number;
  /** Names of those who take part; all by default. */
  readonly actors?: readonly string[];
}

/** Writes the scenario to a pcap file; returns its number of frames. Throws ODW_OUT_UNWRITABLE. */
export function writeScenario(path: string, options: RecordingOptions): number {
  const { seed, seconds = roundSeconds, startTime = defaultStartTime, actors: names } = options;
  const chosen = names === undefined ? actors : actors.filter(({ name }) => names.includes(name));
  const { frames, scheduler } = new Playback({ seed, startTime, actors: chosen });
  using writer = new PcapWriter(path);
  let count = 0;
  while (scheduler.nextTime < startTime + seconds * 1e6) {
    scheduler.step();
    for (let i = 0; i < frames.count; i++) {
      const from = frames.start[i] as number;
      writer.write(scheduler.now, frames.bytes, from, from + (frames.length[i] as number));
    }
    count += frames.count;
    frames.clear();
  }
  return count;
}
