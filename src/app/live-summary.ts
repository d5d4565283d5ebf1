import { countText } from "#base/count-text.ts";
import type { Config } from "#schema/config.ts";
import { M } from "#schema/metrics.ts";
import type { LiveTotals } from "./live-engine.ts";
import { judgedOf } from "./rule-remarks.ts";

/** What a live run prints when it ends. */
export function liveSummaryText({ counters, events }: LiveTotals, out: string, config: Config): string {
  const recorded = config["record.directory"];
  const judged = judgedOf(counters, config);
  const of = (metric: number): string => countText(counters[metric] as number);
  const kinds = [...events].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([kind, count]) => `${kind} ${countText(count)}`);
  const [behind, failed] = [counters[M.recordBehind] as number, counters[M.recordFailed] as number];
  const before = counters[M.interfaceDrops] as number;
  const lost = behind + failed === 0 ? "" : `; not ${countText(behind)} (the disk was too slow) and ${countText(failed)} (it failed)`;
  return [
    `packets  ${of(M.packets)} (${of(M.bytes)} bytes), ${of(M.kernelDrops)} dropped by the kernel${before === 0 ? "" : `, ${countText(before)} lost by the interface before that`}`,
    `flows    ${of(M.flowsTotal)}`,
    `events   ${kinds.join(", ")}`,
    ...(judged === undefined ? [] : [`rules    ${judged}`]),
    `written  ${out}`,
    ...(recorded === "" ? [] : [`recorded ${of(M.recorded)} packets in ${recorded}${lost}`]),
    "",
  ].join("\n");
}
