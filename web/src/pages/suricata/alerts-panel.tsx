import { lazy, Suspense, useState } from "react";
import type { OddwireEvent } from "#schema/event.ts";
import { OddRow } from "#web/events/odd-row.tsx";
import { Link } from "#web/parts/link.tsx";
import { Notice } from "#web/parts/notice.tsx";
import { eventsRoute } from "#web/shell/route.ts";
import { useLive } from "#web/state/context.ts";

const EventDrawer = lazy(() => import("#web/events/event-drawer.tsx"));
const SHOWN_MAX = 30;

/** Newest alerts of other programs, and findings about them, as they come over the live stream. */
export function AlertsPanel() {
  const newest = useLive((state) => state.newest);
  const [opened, setOpened] = useState<OddwireEvent | undefined>(undefined);
  const shown = newest.filter(isForeign).slice(0, SHOWN_MAX);
  return (
    <section className="panel" aria-label="Newest alerts">
      <div className="panel-head">
        <h2>Newest alerts</h2>
        <span className="push" />
        <Link to={eventsRoute("alert")}>all alerts</Link>
      </div>
      {shown.length === 0 && <Notice title="No alert so far.">Alerts stand here within two seconds.</Notice>}
      <ol className="odd-rows">
        {shown.map((event) => (
          <OddRow key={`${event.timestamp} ${JSON.stringify(event[event.event_type])}`} event={event} count={1} onOpen={setOpened} />
        ))}
      </ol>
      {opened !== undefined && (
        <Suspense>
          <EventDrawer event={opened} onClose={() => setOpened(undefined)} />
        </Suspense>
      )}
    </section>
  );
}

function isForeign(event: OddwireEvent): boolean {
  if (event.event_type === "alert") return event["engine"] === "suricata" || event["engine"] === "zeek";
  const finding = event["finding"] as { readonly detector?: unknown } | undefined;
  return typeof finding?.detector === "string" && finding.detector.startsWith("suricata.");
}
