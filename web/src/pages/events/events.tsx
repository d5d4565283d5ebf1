import { lazy, Suspense, useState } from "react";
import type { KindFacts } from "#schema/api.ts";
import type { OddwireEvent } from "#schema/event.ts";
import { eventColumns } from "#web/events/event-columns.tsx";
import { EventCompact } from "#web/events/event-compact.tsx";
import { EventList } from "#web/events/event-list.tsx";
import { Failure } from "#web/parts/failure.tsx";
import { Icon } from "#web/parts/icon.tsx";
import { Notice } from "#web/parts/notice.tsx";
import { both, expressionOf } from "#web/query/expression.ts";
import { eventsRoute, type Route } from "#web/shell/route.ts";
import { useGo } from "#web/state/context.ts";
import { useKinds } from "#web/state/use-kinds.ts";
import { KindTabs } from "./kind-tabs.tsx";
import { TopValues } from "./top-values.tsx";
import "#web/pages/flows/flows.css";
import "./events-page.css";

const EventDrawer = lazy(() => import("#web/events/event-drawer.tsx"));
/** Flows have their own view. */
const ELSEWHERE = new Set(["flow"]);

/** What was told, kind by kind. Everything here derives from the kinds that the server declares. */
export default function Events({ route }: { readonly route: Extract<Route, { page: "events" }> }) {
  const kinds = useKinds();
  const listed = (kinds.data ?? []).filter((kind) => !ELSEWHERE.has(kind.name));
  const kind = route.kind === undefined ? listed[0] : listed.find((each) => each.name === route.kind);
  return (
    <div className="panel list-page">
      <h1 className="visually-hidden">Events</h1>
      {kinds.error !== undefined && <Failure what="The event kinds could not be asked for." error={kinds.error} retry={kinds.reload} />}
      {kinds.data === undefined && kinds.error === undefined && <Notice title="Loading …" />}
      {kinds.data !== undefined && <KindTabs kinds={listed} chosen={kind?.name} />}
      {kinds.data !== undefined && kind === undefined && (
        <Notice title={`There are no events of kind “${route.kind}”.`}>Choose one above.</Notice>
      )}
      {kind !== undefined && <KindEvents key={kind.name} kind={kind} find={route.find} />}
    </div>
  );
}

function KindEvents({ kind, find }: { readonly kind: KindFacts; readonly find: string }) {
  const go = useGo();
  const [opened, setOpened] = useState<OddwireEvent | undefined>(undefined);
  const [showTop, setShowTop] = useState(() => window.innerWidth > 1100);
  const onFind = (text: string) => go(eventsRoute(kind.name, text), "replace");
  const toggle = (
    <button
      type="button"
      className="button"
      aria-pressed={showTop}
      onClick={() => setShowTop(!showTop)}
      title="The most frequent values of a column"
    >
      <Icon name="overview" size={14} /> Top values
    </button>
  );
  return (
    <div className="events-body" data-top={showTop}>
      <div className="events-list">
        <EventList
          head={toggle}
          kind={kind}
          find={find}
          onFind={onFind}
          columns={eventColumns(kind)}
          compact={(event) => <EventCompact event={event} kind={kind} />}
          onOpen={setOpened}
          isOpened={(event) => event === opened}
        />
      </div>
      {showTop && (
        <TopValues
          kind={kind}
          expression={expressionOf(find, kind.columns)}
          onPick={(condition) => onFind(both(expressionOf(find, kind.columns), condition))}
        />
      )}
      {opened !== undefined && (
        <Suspense>
          <EventDrawer event={opened} onClose={() => setOpened(undefined)} />
        </Suspense>
      )}
    </div>
  );
}
