import { LiveFlows } from "./live-flows.tsx";
import { NowStrip } from "./now-strip.tsx";
import { OddList } from "./odd-list.tsx";
import { Protocols } from "./protocols.tsx";
import { Talkers } from "./talkers.tsx";
import { ThroughputPanel } from "./throughput-panel.tsx";
import "./overview.css";

/** The whole wire at a glance, and what is odd on it. */
export default function Overview() {
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
