import { count } from "#base/units.ts";
import type { BesideState, FeedCounts } from "#schema/suricata.ts";
import { Bars } from "#web/parts/bars.tsx";
import { Facts } from "#web/parts/facts.tsx";

interface Props {
  readonly name: string;
  readonly counts: FeedCounts;
  readonly source?: string;
  readonly state?: BesideState;
}

/** What came over a feed, and how much of it was joined to flows of ours. */
export function FeedPanel({ name, counts, source, state }: Props) {
  const { joined } = counts;
  const kinds = Object.entries(counts.kinds).toSorted((a, b) => b[1] - a[1]);
  const most = kinds[0]?.[1] ?? 1;
  return (
    <section className="panel" aria-label={name}>
      <div className="panel-head">
        <h2>{name}</h2>
        {state !== undefined && (
          <span className="beside-state" data-state={state}>
            {state}
          </span>
        )}
      </div>
      <div className="panel-body">
        <Facts
          rows={[
            ["reads", source],
            ["lines", `${count(counts.lines)}${counts.bad > 0 ? `, ${count(counts.bad)} unreadable` : ""}`],
            ["alerts", count(counts.alerts)],
            ["joined by community ID", count(joined.community_id)],
            ["joined by addresses and ports", count(joined.five_tuple)],
            ["without a flow", count(joined.none)],
            ["rotations followed", counts.rotations > 0 ? count(counts.rotations) : undefined],
          ]}
        />
        <Bars
          rows={kinds.map(([kind, events]) => ({
            key: kind,
            label: kind,
            share: events / most,
            colour: "var(--accent)",
            value: count(events),
          }))}
        />
      </div>
    </section>
  );
}
