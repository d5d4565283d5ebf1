import { countText } from "#base/count-text.ts";
import { M } from "#schema/metrics.ts";
import type { LiveTotals } from "./live-engine.ts";

/** What a live run prints when it ends. */
export function liveSummaryText({ counters, events }: LiveTotals, out: string): string {
  const of = (metric: number): string => countText(counters[metric] as number);
  const kinds = [...events].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([kind, count]) => `${kind} ${countText(count)}`);
  return [
    `packets  ${of(M.packets)} (${of(M.bytes)} bytes), ${of(M.kernelDrops)} dropped by the kernel`,
    `flows    ${of(M.flowsTotal)}`,
    `events   ${kinds.join(", ")}`,
    `written  ${out}`,
    "",
  ].join("\n");
}
