import { count, many } from "#base/units.ts";
import type { DetectorTrial, TriedDetector, TriedFinding } from "#schema/detector.ts";
import { Severity } from "#web/pages/findings/finding-words.tsx";
import type { Change } from "#web/pages/rules/use-change.ts";
import { When } from "#web/parts/when.tsx";
import { useServices } from "#web/state/context.ts";

interface Props {
  readonly trial: DetectorTrial;
  readonly change: Change;
}

/** What other settings would change, on the packets that were kept. */
export function TrialPanel({ trial, change }: Props) {
  const { api } = useServices();
  const { state, settings, share = 0, cause, report } = trial;
  if (state === "none") return null;
  return (
    <section className="detectors-trial" aria-label="Trial" aria-busy={state === "running"}>
      <div className="detectors-trial-head">
        <h2>
          Tried: <span className="mono">{settings.join(", ")}</span>
        </h2>
        <button type="button" className="button" disabled={change.busy} onClick={() => void change.run(api.detectors.cancelTrial)}>
          {state === "running" ? "Give it up" : "Close"}
        </button>
      </div>
      {state === "running" && (
        <p>
          <progress max={1} value={share} aria-label="How far the trial is" /> reading what was kept, as it is set now and as it would be:{" "}
          {Math.round(share * 100)} %
        </p>
      )}
      {state === "failed" && <p className="detectors-bad">It failed: {cause}</p>}
      {report !== undefined && (
        <>
          <p className="dim">
            {many(report.packets, "packet")} from <When time={report.from} date /> to <When time={report.to} date />
            {report.truncated && ", the newest of what was kept"}. Both begin without anything learnt.
          </p>
          <Outcome rows={report.detectors} />
        </>
      )}
    </section>
  );
}

function Outcome({ rows }: { readonly rows: readonly TriedDetector[] }) {
  const different = rows.filter(({ now, tried, added, lost }) => now !== tried || added.length + lost.length > 0);
  if (different.length === 0) return <p>Nothing changes: the same findings would be told.</p>;
  return (
    <ul className="detectors-outcome">
      {different.map((row) => (
        <li key={`${row.detector} ${row.category}`}>
          <p>
            <b className="mono">{row.detector}</b> <span className="dim">{row.category}</span>: {count(row.tried)} instead of{" "}
            {many(row.now, "finding")}
            {row.tried > 0 && `, at most ${count(row.most_per_day)} a day, of ${many(row.hosts, "host")}`}
          </p>
          <Findings what="would come" findings={row.added} />
          <Findings what="would go" findings={row.lost} />
        </li>
      ))}
    </ul>
  );
}

function Findings({ what, findings }: { readonly what: string; readonly findings: readonly TriedFinding[] }) {
  if (findings.length === 0) return null;
  return (
    <ul className="detectors-findings" aria-label={what}>
      {findings.map(({ title, severity, time }) => (
        <li key={`${time} ${title}`}>
          <span className="dim">{what}</span> <Severity of={severity} /> {title}
        </li>
      ))}
    </ul>
  );
}
