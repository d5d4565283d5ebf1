import type { OddwireEvent } from "#contract/event.ts";
import type { LiveFlow } from "#contract/live.ts";

/** Flows that are new or differ from before, and ids that are gone. */
export interface FlowDelta {
  readonly flows: readonly LiveFlow[];
  readonly removed: readonly number[];
}

export type FlowsById = ReadonlyMap<number, LiveFlow>;

export const byId = (flows: readonly LiveFlow[]): FlowsById => new Map(flows.map((flow) => [flow.flow_id, flow]));

export function flowDelta(before: FlowsById, now: FlowsById): FlowDelta {
  const flows: LiveFlow[] = [];
  const removed: number[] = [];
  for (const [id, flow] of now) {
    const old = before.get(id);
    if (old === undefined || differs(old, flow)) flows.push(flow);
  }
  for (const id of before.keys()) if (!now.has(id)) removed.push(id);
  return { flows, removed };
}

/** The members that change while a flow lives. */
const differs = (a: LiveFlow, b: LiveFlow): boolean =>
  a.last !== b.last ||
  a.pkts_toserver !== b.pkts_toserver ||
  a.pkts_toclient !== b.pkts_toclient ||
  a.bytes_toserver !== b.bytes_toserver ||
  a.bytes_toclient !== b.bytes_toclient ||
  a.state !== b.state ||
  a.app_proto !== b.app_proto ||
  a.host !== b.host;

/** At most `max` of the events in their order: alerts and findings stay first, then anomalies, then the rest. */
export function mostNotable(events: readonly OddwireEvent[], max: number): readonly OddwireEvent[] {
  if (events.length <= max) return events;
  const keep = new Set<OddwireEvent>();
  for (const rank of [0, 1, 2])
    for (const event of events) {
      if (keep.size >= max) return events.filter((candidate) => keep.has(candidate));
      if (rankOf(event) === rank) keep.add(event);
    }
  return events;
}

function rankOf({ event_type }: OddwireEvent): number {
  if (event_type === "finding" || event_type === "alert") return 0;
  return event_type === "anomaly" ? 1 : 2;
}
