import { useState } from "react";
import { count, many } from "#base/units.ts";
import type { DetectorRow, DetectorTrial } from "#schema/detector.ts";
import { useChange } from "#web/pages/rules/use-change.ts";
import { Failure } from "#web/parts/failure.tsx";
import { Notice } from "#web/parts/notice.tsx";
import { JudgedBy } from "#web/shell/judged-by.tsx";
import { detectorsRoute } from "#web/shell/route.ts";
import { useGo, useServices } from "#web/state/context.ts";
import { type Loaded, useLoaded } from "#web/state/use-loaded.ts";
import { DetectorItem } from "./detector-item.tsx";
import { TrialPanel } from "./trial-panel.tsx";
import "#web/pages/flows/flows.css";
import "./detectors.css";

const ASK_EVERY_MS = 10_000;
const TRIAL_ASK_EVERY_MS = 1500;

/** What looks for oddities without rules: what each finds, its switch, its thresholds. */
export default function DetectorsPage({ find }: { readonly find: string }) {
  const { api } = useServices();
  const go = useGo();
  const answer = useLoaded("detectors", api.detectors.list, ASK_EVERY_MS);
  const trial = useTrial();
  const change = useChange(answer.reload);
  const trying = useChange(trial.reload);
  const { data, error } = answer;
  const rows = data?.detectors ?? [];
  const shown = rows.filter((row) => matches(row, find));
  return (
    <div className="panel detectors">
      <h1 className="visually-hidden">Detectors</h1>
      <div className="list-head">
        <JudgedBy page="detectors" />
        <input
          type="search"
          className="detectors-find"
          aria-label="Search detectors"
          placeholder="name, category, technique"
          value={find}
          onChange={(event) => go(detectorsRoute(event.currentTarget.value), "replace")}
        />
        <span className="dim num list-count">{summaryOf(rows)}</span>
      </div>
      {data?.running === false && <p className="dim detectors-note">No engine runs here: what stands below is how it would begin.</p>}
      {change.error !== undefined && (
        <p className="detectors-error" role="alert">
          {change.error}
        </p>
      )}
      {trying.error !== undefined && (
        <p className="detectors-error" role="alert">
          {trying.error}
        </p>
      )}
      {trial.data !== undefined && <TrialPanel trial={trial.data} change={trying} />}
      {error !== undefined && <Failure what="The detectors could not be asked for." error={error} retry={answer.reload} />}
      {data === undefined && error === undefined && <Notice title="Loading …" />}
      {data !== undefined && shown.length === 0 && (
        <Notice title="No detector matches.">A shorter search may have some. What is found of players has no switch of its own.</Notice>
      )}
      <ul className="detectors-list" aria-label="Detectors">
        {shown.map((row) => (
          <DetectorItem
            key={row.name}
            row={row}
            change={change}
            trying={trying}
            isRunning={data?.running === true}
            isOpen={shown.length === 1}
          />
        ))}
      </ul>
    </div>
  );
}

/** Asked for again and again while it runs: a trial that nobody asks for is given up. */
function useTrial(): Loaded<DetectorTrial> {
  const { api } = useServices();
  const [isRunning, setIsRunning] = useState(false);
  const trial = useLoaded("trial", api.detectors.trial, isRunning ? TRIAL_ASK_EVERY_MS : undefined);
  const now = trial.data?.state === "running";
  if (trial.data !== undefined && now !== isRunning) setIsRunning(now);
  return trial;
}

function matches({ name, summary, category, techniques }: DetectorRow, find: string): boolean {
  const text = [name, summary, category, ...techniques].join(" ").toLowerCase();
  return find
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

const isChanged = ({ changed, settings }: DetectorRow): boolean => changed || settings.some((one) => one.changed);

function summaryOf(rows: readonly DetectorRow[]): string {
  if (rows.length === 0) return "";
  const [on, changed, benched] = [
    rows.filter(({ enabled }) => enabled).length,
    rows.filter(isChanged).length,
    rows.filter((row) => row.benched).length,
  ];
  const parts = [`${count(on)} of ${many(rows.length, "detector")} on`];
  if (changed > 0) parts.push(`${count(changed)} changed here`);
  if (benched > 0) parts.push(`${count(benched)} failed`);
  return parts.join(" · ");
}
