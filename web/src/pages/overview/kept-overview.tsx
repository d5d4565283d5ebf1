import { duration, moment } from "#base/time-words.ts";
import { bytes, count, si, UNKNOWN } from "#base/units.ts";
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
  const events = Object.values(store.rows).reduce((sum, rows) => sum + rows, 0);
  const figures = [
    ["time", duration((to - from) / 1e6), `${moment(from)} to ${moment(to)}`],
    ["packets", run === undefined ? UNKNOWN : si(run.packets), run === undefined ? "" : `${count(run.packets)}, ${bytes(run.bytes)}`],
    ["flows", si(store.rows["flow"] ?? 0), count(store.rows["flow"] ?? 0)],
    ["events", si(events), count(events)],
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

function EmptyStore() {
  return (
    <div className="panel">
      <h1 className="visually-hidden">Overview</h1>
      <Notice title="The store is empty.">
        <code>oddwire read CAPTURE -o DIR</code> fills one from a capture, <code>oddwire live</code> from an interface;{" "}
        <code>oddwire serve -o DIR</code> shows it here. <code>oddwire demo</code> needs neither.
      </Notice>
    </div>
  );
}
