import { coverageBy } from "#schema/coverage.ts";
import type { OddwireEvent } from "#schema/event.ts";
import type { Coverage } from "#schema/live.ts";
import { metrics } from "#schema/metrics.ts";
import { memberOf } from "./flow-row.ts";

/** What the last run of an engine counted. */
export interface StoredRun {
  readonly packets: number;
  readonly bytes: number;
  readonly coverage: Coverage;
}

/** The last run, by its last `stats` event. */
export const runOfStats = (event: OddwireEvent): StoredRun => ({
  packets: storedCounter(event, metrics.packets.name),
  bytes: storedCounter(event, metrics.bytes.name),
  coverage: coverageOfStats(event),
});

/** A counter of a `stats` event, by its dotted name; 0 when it is not there. */
function storedCounter(event: OddwireEvent, name: string): number {
  let value: unknown = memberOf(event, "stats");
  for (const part of name.split(".")) {
    if (typeof value !== "object" || value === null) return 0;
    value = (value as { readonly [member: string]: unknown })[part];
  }
  return typeof value === "number" ? value : 0;
}

/** What could not be seen, by the last `stats` event of a run: the same figures that a running engine tells. */
export const coverageOfStats = (event: OddwireEvent): Coverage => coverageBy((metric) => storedCounter(event, metrics[metric].name));
