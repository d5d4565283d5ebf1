import { clock, day, duration } from "#base/time-words.ts";
import { bytes, many, si, UNKNOWN } from "#base/units.ts";
import { Notice } from "#web/parts/notice.tsx";
import type { Kept } from "#web/state/live-state.ts";
import { KeptFindings } from "./kept-findings.tsx";
import { KeptKinds } from "./kept-kinds.tsx";
import { KeptTop } from "./kept-top.tsx";
import "./overview.css";
import "./kept.css";

/** All that is stored at a glance, gravest first: what a capture that was read has to say. */
export default function KeptOverview({ kept }: { readonly kept: Kept }) {
  const { from, to } = kept.store;
  if (from === undefined || to === undefined) return <EmptyStore />;
  return (
    <div className="kept">
      <h1 className="visually-hidden">Overview</h1>
      <KeptStrip kept={kept} from={from} to={to} />
      <KeptFindings />
      <div className="kept-side">
        <KeptTop of="protocols" />
        <KeptTop of="clients" />
        <KeptTop of="servers" />
        <KeptKinds rows={kept.store.rows} />
      </div>
    </div>
  );
}

/** How much there is, and of what time. */
function KeptStrip({ kept: { store, run }, from, to }: { readonly kept: Kept; readonly from: number; readonly to: number }) {
  const rows = (kind: string): number => store.rows[kind] ?? 0;
  const events = Object.values(store.rows).reduce((sum, each) => sum + each, 0);
  const figures = [
    ["time", duration((to - from) / 1e6), spanText(from, to)],
    ["packets", run === undefined ? UNKNOWN : si(run.packets), run === undefined ? "" : bytes(run.bytes)],
    ["flows", si(rows("flow")), many(events, "event")],
    ["findings", si(rows("finding")), `${many(rows("alert"), "alert")}, ${many(rows("anomaly"), "anomaly", "anomalies")}`],
  ] as const;
  return (
    <section className="panel now" aria-label="What is stored">
      {figures.map(([label, value, whole]) => (
        <div key={label} className="now-figure kept-figure">
          <div className="dim">{label}</div>
          <div className="now-value num">{value}</div>
          <div className="dim num cut" title={whole}>
            {whole}
          </div>
        </div>
      ))}
    </section>
  );
}

/** From when to when, to the second; a day is named once. */
function spanText(from: number, to: number): string {
  const end = day(from) === day(to) ? clock(to) : `${day(to)} ${clock(to)}`;
  return `${day(from)} ${clock(from)} to ${end}`;
}

function EmptyStore() {
  return (
    <div className="panel">
      <h1 className="visually-hidden">Overview</h1>
      <Notice title="The store is empty.">
        Drop a capture on this page to have it read. On the command line, <code>oddwire read CAPTURE -o DIR</code> fills one from a capture,{" "}
        <code>oddwire live</code> from an interface; <code>oddwire serve -o DIR</code> shows it here. <code>oddwire demo</code> needs
        neither.
      </Notice>
    </div>
  );
}
