import { lazy, Suspense } from "react";
import { Notice } from "#web/parts/notice.tsx";
import { useLive } from "#web/state/context.ts";
import { LiveFlows } from "./live-flows.tsx";
import { NowStrip } from "./now-strip.tsx";
import { OddList } from "./odd-list.tsx";
import { Protocols } from "./protocols.tsx";
import { Talkers } from "./talkers.tsx";
import { ThroughputPanel } from "./throughput-panel.tsx";
import "./overview.css";

const KeptOverview = lazy(() => import("./kept-overview.tsx"));

/** The whole wire at a glance, and what is odd on it; where no engine runs, all that is stored. */
export default function Overview() {
  const kept = useLive((state) => state.kept);
  if (kept !== undefined)
    return (
      <Suspense fallback={<Notice title="Loading …" />}>
        <KeptOverview kept={kept} />
      </Suspense>
    );
  return (
    <div className="overview">
      <h1 className="visually-hidden">Overview</h1>
      <NowStrip />
      <ThroughputPanel />
      <OddList />
      <Protocols />
      <Talkers />
      <LiveFlows />
    </div>
  );
}
