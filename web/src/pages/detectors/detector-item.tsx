import { useState } from "react";
import { many } from "#base/units.ts";
import type { DetectorRow, DetectorSettingRow } from "#schema/detector.ts";
import { Technique } from "#web/pages/findings/finding-words.tsx";
import type { Change } from "#web/pages/rules/use-change.ts";
import { Link } from "#web/parts/link.tsx";
import { findingsRoute } from "#web/shell/route.ts";
import { useServices } from "#web/state/context.ts";

interface Props {
  readonly row: DetectorRow;
  readonly change: Change;
  /** Trials of other settings. */
  readonly trying: Change;
  readonly isRunning: boolean;
  readonly isOpen: boolean;
}

/** One detector: its switch, what it finds, and its settings when it is opened. */
export function DetectorItem({ row, change, trying, isRunning, isOpen }: Props) {
  const { api } = useServices();
  const { name, summary, category, techniques, enabled, configured, changed, benched, findings, settings } = row;
  return (
    <li data-off={!enabled}>
      <input
        type="checkbox"
        checked={enabled}
        disabled={change.busy || !isRunning}
        aria-label={`Use ${name}`}
        title={enabled ? "Switch it off" : "Switch it on"}
        onChange={() => void change.run(() => api.detectors.switch(name, !enabled))}
      />
      <details open={isOpen || undefined}>
        <summary>
          <span className="detectors-name mono">{name}</span>
          <span className="detectors-category">{category}</span>
          {benched && <span className="detectors-bad">failed, left out</span>}
          {changed && <span className="detectors-changed">switched {enabled ? "on" : "off"} here</span>}
          {settings.some((one) => one.changed) && <span className="detectors-changed">set here</span>}
          <span className="detectors-summary">{summary}</span>
          {findings > 0 && <span className="dim num">{many(findings, "finding")}</span>}
        </summary>
        <div className="detectors-inside">
          <p className="dim">
            {findings > 0 ? (
              <Link to={findingsRoute(`detector = ${name}`, "")}>{many(findings, "finding")} in this run</Link>
            ) : (
              "No finding in this run"
            )}
            {techniques.length > 0 && " · "}
            {techniques.map((id) => (
              <span key={id}>
                <Technique id={id} />{" "}
              </span>
            ))}
          </p>
          {benched && <p className="detectors-bad">It has failed and hears nothing more: switched or set, it begins anew.</p>}
          {settings.length === 0 && <p className="dim">There is nothing to set.</p>}
          {settings.map((setting) => (
            <Setting
              key={`${setting.name} ${setting.value}`}
              detector={name}
              setting={setting}
              change={change}
              trying={trying}
              isRunning={isRunning}
            />
          ))}
          <div className="detectors-buttons">
            <button
              type="button"
              className="button"
              title="On the packets that were kept: which findings would come and go"
              disabled={trying.busy || !isRunning}
              onClick={() => void trying.run(() => api.detectors.tryOut([`${name}.enabled=${String(!enabled)}`]))}
            >
              Try it {enabled ? "off" : "on"}
            </button>
            {(changed || settings.some((one) => one.changed)) && (
              <button
                type="button"
                className="button"
                disabled={change.busy || !isRunning}
                onClick={() => void change.run(() => api.detectors.reset(name))}
              >
                Back to the configuration{changed && ` (${configured ? "on" : "off"})`}
              </button>
            )}
          </div>
        </div>
      </details>
    </li>
  );
}

interface SettingProps {
  readonly detector: string;
  readonly setting: DetectorSettingRow;
  readonly change: Change;
  readonly trying: Change;
  readonly isRunning: boolean;
}

/** Texts may name files: those are the configuration's. */
const isSetHere = ({ type, choices }: DetectorSettingRow): boolean => type !== "text" || choices !== undefined;

function Setting({ detector, setting, change, trying, isRunning }: SettingProps) {
  const { api } = useServices();
  const { name, doc, unit, type, min, max, value, configured, changed } = setting;
  const choices = type === "boolean" ? ["true", "false"] : setting.choices;
  const [text, setText] = useState(value);
  const range = [min === undefined ? "" : `least ${min}`, max === undefined ? "" : `most ${max}`].filter((part) => part !== "").join(", ");
  const label = `${detector}.${name}`;
  const isFixed = change.busy || !isRunning || !isSetHere(setting);
  return (
    <form
      className="detectors-setting"
      onSubmit={(event) => {
        event.preventDefault();
        void change.run(() => api.detectors.set(detector, name, text));
      }}
    >
      <span className="detectors-doc">
        <span className="mono">{name}</span> <span className="dim">{doc}</span>
      </span>
      <span className="detectors-value">
        {choices === undefined ? (
          <input
            type="text"
            aria-label={label}
            title={range}
            value={text}
            disabled={isFixed}
            onChange={(event) => setText(event.target.value)}
          />
        ) : (
          <select aria-label={label} value={text} disabled={isFixed} onChange={(event) => setText(event.target.value)}>
            {choices.map((choice) => (
              <option key={choice}>{choice}</option>
            ))}
          </select>
        )}
        <span className="dim detectors-unit">{unit}</span>
        <button
          type="button"
          className="button"
          title="On the packets that were kept: which findings would come and go"
          disabled={isFixed || trying.busy || text === value}
          onClick={() => void trying.run(() => api.detectors.tryOut([`${label}=${text}`]))}
        >
          Try
        </button>
        <button type="submit" className="button" disabled={isFixed || text === value}>
          Set
        </button>
        {changed && (
          <button
            type="button"
            className="button"
            title={`The configuration has ${configured}`}
            disabled={isFixed}
            onClick={() => void change.run(() => api.detectors.reset(detector, name))}
          >
            Back to {configured}
          </button>
        )}
      </span>
    </form>
  );
}
