import { duration } from "#base/time-words.ts";
import { count } from "#base/units.ts";
import type { SuricataStatus } from "#schema/suricata.ts";
import { Facts } from "#web/parts/facts.tsx";
import { When } from "#web/parts/when.tsx";

const modes = { off: "off", start: "started by Oddwire", follow: "followed: somebody else’s", socket: "connects to a socket" } as const;

/** How it is, since when, what went wrong. */
export function StatusPanel({ status }: { readonly status: SuricataStatus }) {
  const { process } = status;
  const newestEnd = process?.ends.at(-1);
  return (
    <section className="panel" aria-label="Suricata">
      <div className="panel-head">
        <h2>Suricata</h2>
        <span className="beside-state" data-state={status.state}>
          {status.state}
        </span>
      </div>
      <div className="panel-body">
        {status.reason !== "" && <p className="beside-reason">{status.reason}</p>}
        <Facts
          rows={[
            ["mode", modes[status.mode]],
            ["version", status.version],
            ["process", process?.pid],
            ["started", process && <When key="since" time={process.since * 1000} date />],
            ["restarts", process && `${count(process.restarts)} (given up after ${process.restarts_max} in a row)`],
            ["last end", newestEnd && `${newestEnd.signal ?? `code ${newestEnd.code}`} after ${duration(newestEnd.uptime)}`],
            ["last event", status.quiet === undefined ? "none yet" : `${duration(status.quiet)} ago`],
            [
              "reads",
              <span key="source" className="mono beside-source">
                {status.source}
              </span>,
            ],
          ]}
        />
        {process !== undefined && process.words.length > 0 && (
          <details className="beside-words">
            <summary>What it printed</summary>
            <pre className="mono">{process.words.join("\n")}</pre>
          </details>
        )}
      </div>
    </section>
  );
}
