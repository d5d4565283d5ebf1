import { useState } from "react";
import { bytes, count } from "#base/units.ts";
import { metrics } from "#schema/metrics.ts";
import { Link } from "#web/parts/link.tsx";
import { Notice } from "#web/parts/notice.tsx";
import { eventsRoute } from "#web/shell/route.ts";
import { useLive } from "#web/state/context.ts";

const meanings: ReadonlyMap<string, string> = new Map(Object.values(metrics).map((metric) => [metric.name, metric.doc]));

/** Every counter of the engine since its start, with its meaning. */
export function Counters() {
  const counters = useLive((state) => state.summary?.counters);
  const kept = useLive((state) => state.kept !== undefined);
  const [words, setWords] = useState("");
  const [zeros, setZeros] = useState(false);
  const rows = Object.entries(counters ?? {}).filter(
    ([name, value]) => (zeros || value !== 0) && `${name} ${meanings.get(name) ?? ""}`.toLowerCase().includes(words.toLowerCase()),
  );
  return (
    <section className="panel" aria-label="Counters">
      <div className="panel-head counters-head">
        <h2>Counters</h2>
        <input
          type="search"
          data-find
          className="input"
          placeholder="name or meaning"
          aria-label="Search counters"
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        <label className="push counters-zeros">
          <input type="checkbox" checked={zeros} onChange={(event) => setZeros(event.currentTarget.checked)} /> also those at zero
        </label>
      </div>
      {counters === undefined && kept && (
        <Notice title="No engine runs here.">
          The counters of the run that wrote the store stand in its <Link to={eventsRoute("stats")}>stats events</Link>.
        </Notice>
      )}
      {counters === undefined && !kept && <Notice title="Waiting for the engine.">Counters come with the first summary.</Notice>}
      {counters !== undefined && rows.length === 0 && <Notice title="No counter matches.">Perhaps it stands at zero.</Notice>}
      <dl className="counters">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt className="mono">{name}</dt>
            <dd className="num" title={name.includes("bytes") ? bytes(value) : undefined}>
              {count(value)}
            </dd>
            <dd className="dim">{meanings.get(name)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
