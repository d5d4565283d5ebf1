import { M, nestedCounters } from "#schema/metrics.ts";
import { EventLines } from "./event-lines.ts";
import { EventWriter } from "./event-writer.ts";

/** The line of a `stats` event with all counters at `clock`; counts itself. */
export function writeStats(counters: Float64Array, events: Map<string, number>, clock: number): Uint8Array {
  events.set("stats", (events.get("stats") ?? 0) + 1);
  counters[M.events] = [...events.values()].reduce((sum, count) => sum + count, 0);
  const lines = new EventLines(1 << 14);
  const stats = nestedCounters(counters);
  // As Suricata tells what it judges by; there is one engine.
  const engines = [{ id: 0, rules_loaded: counters[M.rulesLoaded], rules_failed: counters[M.rulesFailed] }];
  const detect = { ...(stats["detect"] as object), engines };
  const members = `,"pkt_src":"wire/pcap","stats":${JSON.stringify({ ...stats, detect })}`;
  new EventWriter(lines).plain(clock, undefined, "stats", members, 0, 0);
  return lines.json.bytes.slice(0, lines.json.length);
}
