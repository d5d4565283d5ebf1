import { useState } from "react";
import { Throughput } from "#web/charts/throughput.tsx";
import { Choice } from "#web/parts/choice.tsx";
import { useLive } from "#web/state/context.ts";
import type { Measure } from "#web/state/series.ts";

const measures = [
  { value: "bits", label: "bit/s" },
  { value: "packets", label: "packets/s" },
] as const;
const spans = [
  { value: "60", label: "1 min" },
  { value: "300", label: "5 min" },
  { value: "3600", label: "1 h" },
  { value: "Infinity", label: "all" },
] as const;

/** Throughput over time by protocol. A file is shown whole, a live capture by its last five minutes. */
export function ThroughputPanel() {
  const [measure, setMeasure] = useState<Measure>("bits");
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const isFile = useLive((state) => state.summary?.source.kind === "file");
  const span = chosen ?? (isFile ? "Infinity" : "300");
  return (
    <section className="panel throughput" aria-label="Throughput over time">
      <div className="panel-head">
        <h2>Throughput</h2>
        <span className="push" />
        <Choice label="Measure" options={measures} value={measure} onChange={setMeasure} />
        <Choice label="Time span" options={spans} value={span} onChange={setChosen} />
      </div>
      <div className="throughput-body">
        <Throughput measure={measure} seconds={Number(span)} />
      </div>
    </section>
  );
}
