import { count } from "#base/units.ts";
import { Bars } from "#web/parts/bars.tsx";
import { Link } from "#web/parts/link.tsx";
import { eventsRoute, flowsRoute } from "#web/shell/route.ts";

/** How many events of each kind are stored; each leads to its list. */
export function KeptKinds({ rows }: { readonly rows: { readonly [kind: string]: number } }) {
  const kinds = Object.entries(rows)
    .filter(([, events]) => events > 0)
    .toSorted((a, b) => b[1] - a[1]);
  const most = kinds[0]?.[1] ?? 1;
  return (
    <section className="panel kept-top" aria-label="Events">
      <div className="panel-head">
        <h2>Events</h2>
        <span className="dim push">of each kind</span>
      </div>
      <Bars
        rows={kinds.map(([kind, events]) => ({
          key: kind,
          label: <Link to={kind === "flow" ? flowsRoute("", "history") : eventsRoute(kind)}>{kind}</Link>,
          share: events / most,
          colour: "var(--accent)",
          value: count(events),
        }))}
      />
    </section>
  );
}
