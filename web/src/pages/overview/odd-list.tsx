import { lazy, Suspense, useState } from "react";
import { oddGroups } from "#client/odd-groups.ts";
import type { OddwireEvent } from "#schema/event.ts";
import { OddRow } from "#web/events/odd-row.tsx";
import { Link } from "#web/parts/link.tsx";
import { Notice } from "#web/parts/notice.tsx";
import { eventsRoute, findingsRoute } from "#web/shell/route.ts";
import { useLive } from "#web/state/context.ts";

const EventDrawer = lazy(() => import("#web/events/event-drawer.tsx"));
const SHOWN_MAX = 60;

/** The newest findings and alerts, then anomalies, each with its reason; what repeats is one row with a count. */
export function OddList() {
  const newest = useLive((state) => state.newest);
  const known = useLive((state) => state.summary !== undefined);
  const [opened, setOpened] = useState<OddwireEvent | undefined>(undefined);
  return (
    <section className="panel odd" aria-label="Newest anomalies and findings">
      <div className="panel-head">
        <h2>What is odd</h2>
        <span className="push" />
        <Link to={findingsRoute()}>findings</Link>
        <Link to={eventsRoute("alert")}>alerts</Link>
        <Link to={eventsRoute("anomaly")}>anomalies</Link>
      </div>
      {newest.length === 0 && (
        <Notice title={known ? "Nothing odd so far." : "Waiting for the engine."}>
          What was not looked at cannot be odd: see the coverage line above.
        </Notice>
      )}
      <ol className="odd-rows">
        {oddGroups(judgedFirst(newest))
          .slice(0, SHOWN_MAX)
          .map((group) => (
            <OddRow key={group.key} event={group.newest} count={group.count} onOpen={setOpened} />
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

/** A broken header comes by the hundred and must not hide what a detector or a rule has judged. */
function judgedFirst(events: readonly OddwireEvent[]): readonly OddwireEvent[] {
  return [...events.filter(isJudged), ...events.filter((event) => !isJudged(event))];
}

const isJudged = (event: OddwireEvent): boolean => event.event_type !== "anomaly";
