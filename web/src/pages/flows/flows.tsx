import { lazy, Suspense } from "react";
import { Choice } from "#web/parts/choice.tsx";
import { flowsRoute, type Route } from "#web/shell/route.ts";
import { useGo, useLive, useServices } from "#web/state/context.ts";
import { FlowHistory } from "./flow-history.tsx";
import { FlowLive } from "./flow-live.tsx";
import "./flows.css";

const FlowDrawer = lazy(() => import("./flow-drawer.tsx"));

const listViews = [
  { value: "live", label: "Live" },
  { value: "history", label: "History" },
] as const;

/** Conversations: those that go on, those that have ended, and each one in full. */
export default function Flows({ route }: { readonly route: Extract<Route, { page: "flows" }> }) {
  const go = useGo();
  const { address } = useServices();
  // Where only a store is served nothing is live, and there is nothing to choose.
  const kept = useLive((state) => state.kept !== undefined);
  const choice = !kept && (
    <Choice label="Which flows" options={listViews} value={route.view} onChange={(view) => go(flowsRoute(route.find, view))} />
  );
  const onFind = (find: string) => go({ ...route, find }, "replace");
  const onOpen = (flow: number) => go({ ...route, flow });
  const List = route.view === "live" && !kept ? FlowLive : FlowHistory;
  return (
    <div className="panel list-page">
      <h1 className="visually-hidden">Flows</h1>
      <List choice={choice} find={route.find} onFind={onFind} onOpen={onOpen} opened={route.flow} />
      {route.flow !== undefined && (
        <Suspense>
          <FlowDrawer id={route.flow} onClose={() => address.back({ ...route, flow: undefined })} />
        </Suspense>
      )}
    </div>
  );
}
