import { M, nestedCounters } from "#schema/metrics.ts";
import { EventLines } from "./event-lines.ts";
import { EventWriter } from "./event-writer.ts";

/** The line of a `stats` event with all counters at `clock`; counts itself. */
export function writeStats(counters: Float64Array, events: Map<string, number>, clock: number): Uint8Array {
  events.set("stats", (events.get("stats") ?? 0) + 1);
  counters[M.events] = [...events.values()].reduce((sum, count) => sum + count, 0);
  const lines = new EventLines(1 << 14);
  const members = `,"pkt_src":"wire/pcap","stats":${JSON.stringify(nestedCounters(counters))}`;
  new EventWriter(lines).plain(clock, undefined, "stats", members, 0, 0);
  return lines.json.bytes.slice(0, lines.json.length);
}
