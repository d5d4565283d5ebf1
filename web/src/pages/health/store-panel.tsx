import { bytes, count, many } from "#base/units.ts";
import type { StoreFacts } from "#schema/api.ts";
import { Bars } from "#web/parts/bars.tsx";
import { Facts } from "#web/parts/facts.tsx";
import { Link } from "#web/parts/link.tsx";
import { Notice } from "#web/parts/notice.tsx";
import { When } from "#web/parts/when.tsx";
import { eventsRoute, flowsRoute } from "#web/shell/route.ts";

/** What the store holds: size, span of time, events of each kind. */
export function StorePanel({ store }: { readonly store: StoreFacts | undefined }) {
  const all = Object.entries(store?.rows ?? {});
  const kinds = all.filter(([, rows]) => rows > 0).toSorted((a, b) => b[1] - a[1]);
  const most = kinds[0]?.[1] ?? 0;
  return (
    <section className="panel" aria-label="Store">
      <div className="panel-head">
        <h2>Store</h2>
      </div>
      {store === undefined ? (
        <Notice title="There is no store.">Oddwire runs with --no-store: live views work, history does not.</Notice>
      ) : (
        <div className="panel-body">
          <Facts
            rows={[
              ["size", bytes(store.bytes)],
              ["events", count(kinds.reduce((sum, [, rows]) => sum + rows, 0))],
              ["oldest", store.from === undefined ? undefined : <When key="from" time={store.from} date />],
              ["newest", store.to === undefined ? undefined : <When key="to" time={store.to} date />],
            ]}
          />
          <Bars
            rows={kinds.map(([kind, rows]) => ({
              key: kind,
              label: <Link to={kind === "flow" ? flowsRoute("", "history") : eventsRoute(kind)}>{kind}</Link>,
              share: most === 0 ? 0 : rows / most,
              colour: "var(--accent)",
              value: count(rows),
            }))}
          />
          {all.length > kinds.length && <p className="dim">{many(all.length - kinds.length, "further kind")} of event: none so far.</p>}
        </div>
      )}
    </section>
  );
}
