import { useEffect, useRef } from "react";
import { si } from "#base/units.ts";
import type { KindFacts } from "#schema/api.ts";
import { Link } from "#web/parts/link.tsx";
import { eventsRoute } from "#web/shell/route.ts";
import { useServices } from "#web/state/context.ts";
import { useLoaded } from "#web/state/use-loaded.ts";

const ASK_EVERY_MS = 5000;

/** One link for each kind that the store holds events of, with their number. The chosen one is always there and in sight. */
export function KindTabs({ kinds, chosen }: { readonly kinds: readonly KindFacts[]; readonly chosen: string | undefined }) {
  const { api } = useServices();
  const health = useLoaded("health", api.health, ASK_EVERY_MS);
  const rows = health.data?.store?.rows;
  const shown = rows === undefined ? kinds : kinds.filter(({ name }) => name === chosen || (rows[name] ?? 0) > 0);
  const tabs = useRef<HTMLElement>(null);
  // Again when the counts come, because they move the tabs.
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is drawn depends on them.
  useEffect(() => {
    tabs.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [chosen, shown.length]);
  return (
    <nav ref={tabs} className="kind-tabs" aria-label="Kinds of events">
      {shown.map((kind) => (
        <Link key={kind.name} to={eventsRoute(kind.name)} aria-current={kind.name === chosen ? "page" : undefined} title={kind.summary}>
          {kind.name}
          {rows?.[kind.name] !== undefined && <span className="dim num">{si(rows[kind.name] as number)}</span>}
        </Link>
      ))}
    </nav>
  );
}
