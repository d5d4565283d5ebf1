import type { KindFacts } from "#schema/api.ts";
import { si } from "#web/format/units.ts";
import { Link } from "#web/parts/link.tsx";
import { eventsRoute } from "#web/shell/route.ts";
import { useServices } from "#web/state/context.ts";
import { useLoaded } from "#web/state/use-loaded.ts";

const ASK_EVERY_MS = 5000;

/** One link for each kind, with how many the store holds. */
export function KindTabs({ kinds, chosen }: { readonly kinds: readonly KindFacts[]; readonly chosen: string | undefined }) {
  const { api } = useServices();
  const health = useLoaded("health", api.health, ASK_EVERY_MS);
  const rows = health.data?.store?.rows;
  return (
    <nav className="kind-tabs" aria-label="Kinds of events">
      {kinds.map((kind) => (
        <Link key={kind.name} to={eventsRoute(kind.name)} aria-current={kind.name === chosen ? "page" : undefined} title={kind.summary}>
          {kind.name}
          {rows?.[kind.name] !== undefined && <span className="dim num">{si(rows[kind.name] as number)}</span>}
        </Link>
      ))}
    </nav>
  );
}
