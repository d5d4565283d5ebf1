import { actors } from "#capture/scenario/actors/list.ts";
import { writeScenario } from "#capture/scenario/write-scenario.ts";
import { OddwireError } from "#contract/errors.ts";

export interface RecordOptions {
  readonly seed: number;
  /** Packet time, s. */
  readonly seconds: number;
  /** Names of those who take part; all when there are none. */
  readonly actors: readonly string[];
}

/** Writes the scenario to a pcap file; returns its number of frames. Throws ODW_USAGE for an actor that there is not. */
export function recordScenario(path: string, { seed, seconds, actors: names }: RecordOptions): number {
  const known = actors.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new OddwireError("ODW_USAGE", { cause: `--actors ${unknown} is none of ${known.join(", ")}` });
  if (!(seconds > 0)) throw new OddwireError("ODW_USAGE", { cause: "--seconds has to be a number above 0" });
  return writeScenario(path, { seed, seconds, ...(names.length > 0 && { actors: names }) });
}
