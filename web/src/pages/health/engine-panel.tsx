import { duration } from "#base/time-words.ts";
import { count } from "#base/units.ts";
import type { Health } from "#schema/api.ts";
import { Facts } from "#web/parts/facts.tsx";
import { When } from "#web/parts/when.tsx";

const kinds = { live: "interface", file: "file", scenario: "demo" } as const;

/** Status, source, versions, and where to read on. */
export function EnginePanel({ health }: { readonly health: Health }) {
  const { source } = health;
  return (
    <section className="panel" aria-label="Engine">
      <div className="panel-head">
        <h2>Engine</h2>
        <span className="health-status" data-status={health.status}>
          {health.status}
        </span>
        <span className="push panel-row">
          <a href="/openapi.json">openapi.json</a>
          <a href="/metrics">metrics</a>
        </span>
      </div>
      <div className="panel-body">
        {health.reasons.length > 0 && (
          <ul className="health-reasons">
            {health.reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        )}
        <Facts
          rows={[
            ["source", source === undefined ? "none: serving a store" : `${kinds[source.kind]} ${source.name}`],
            ["source is", source && (source.finished ? "finished" : "running")],
            ["Oddwire", health.version],
            ["Node", health.node],
            ["started", <When key="started" time={health.started_at} date />],
            ["up for", duration(health.uptime_seconds)],
            ["live clients", count(health.live_clients)],
          ]}
        />
      </div>
    </section>
  );
}
