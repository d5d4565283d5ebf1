import { useState } from "react";
import { bytes, count } from "#base/units.ts";
import type { CounterGroup } from "#schema/suricata.ts";
import { When } from "#web/parts/when.tsx";

const titles: { readonly [name: string]: string } = {
  capture: "Capture",
  decoder: "Decoder",
  flow: "Flow",
  tcp: "TCP",
  memory: "Memory",
  detect: "Detection",
  app_layer: "Application protocols",
  other: "Others",
};

/** Its counters in groups, what was lost first and marked. Zeros are left out unless they are asked for. */
export function CounterPanels({ groups, at }: { readonly groups: readonly CounterGroup[]; readonly at: string | undefined }) {
  const [zeros, setZeros] = useState(false);
  const losses = groups.flatMap(({ counters }) => counters.filter(({ loss }) => loss));
  return (
    <section className="panel" aria-label="Suricata’s counters">
      <div className="panel-head counters-head">
        <h2>Counters</h2>
        <span className="dim">{at !== undefined && <When time={at} />}</span>
        <span className="beside-loss" data-lost={losses.length > 0}>
          {losses.length === 0 ? "nothing lost" : `${losses.length} count losses`}
        </span>
        <label className="push counters-zeros">
          <input type="checkbox" checked={zeros} onChange={(event) => setZeros(event.currentTarget.checked)} /> also those at zero
        </label>
      </div>
      <div className="counter-groups">
        {groups.map(({ name, counters }) => {
          const rows = counters.filter(({ value }) => zeros || value !== 0).toSorted((a, b) => Number(b.loss) - Number(a.loss));
          return (
            <section key={name} className="counter-group" aria-label={titles[name] ?? name}>
              <h3>{titles[name] ?? name}</h3>
              {rows.length === 0 && <p className="dim">all at zero</p>}
              <dl>
                {rows.map((row) => (
                  <div key={row.name} data-loss={row.loss}>
                    <dt className="mono">{row.name}</dt>
                    <dd className="num">{name === "memory" ? bytes(row.value) : count(row.value)}</dd>
                  </div>
                ))}
              </dl>
            </section>
          );
        })}
      </div>
    </section>
  );
}
