import type { OddwireEvent } from "#schema/event.ts";
import { reasonOf } from "./reason.ts";

/** Events that say the same: the newest of them, and how many there are. */
export interface OddGroup {
  readonly key: string;
  readonly newest: OddwireEvent;
  readonly count: number;
}

/** Groups events, newest first, by kind and title, so that one noisy anomaly does not hide everything else. */
export function oddGroups(events: readonly OddwireEvent[]): readonly OddGroup[] {
  const groups = new Map<string, { key: string; newest: OddwireEvent; count: number }>();
  for (const event of events) {
    const key = `${event.event_type} ${reasonOf(event).title}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { key, newest: event, count: 1 });
    else group.count++;
  }
  return [...groups.values()];
}
