import { useId, useState } from "react";
import type { FindingAnswer } from "#schema/finding-mark.ts";
import { useChange } from "#web/pages/rules/use-change.ts";
import { Copy } from "#web/parts/copy.tsx";
import { useServices } from "#web/state/context.ts";
import { useLoaded } from "#web/state/use-loaded.ts";
import "./allow.css";

const noteCharactersMax = 500;

/** Ends that are offered. */
const ends = [
  { value: "", label: "for ever" },
  { value: "1d", label: "for a day" },
  { value: "7d", label: "for a week" },
  { value: "30d", label: "for 30 days" },
] as const;

/** Never tells this again, from now on: of the pair, of the source, by this detector or by all. */
export function AllowForm({ answer }: { readonly answer: FindingAnswer }) {
  const { api } = useServices();
  const { finding, allow } = answer;
  const allowed = useLoaded("allow", api.allow.list);
  const { busy, error, run } = useChange(allowed.reload);
  const [entry, setEntry] = useState(allow[0] ?? "");
  const [note, setNote] = useState("");
  const [expires, setExpires] = useState("");
  const id = useId();
  const isMistake = finding.state === "false";
  const standing = new Set(allowed.data?.entries.flatMap((one) => (one.expired ? [] : [one.entry])));
  const add = () =>
    void run(() => api.allow.add({ entry, ...(note.trim() === "" ? {} : { note: note.trim() }), ...(expires === "" ? {} : { expires }) }));
  if (allow.length === 0) return null;
  return (
    <details className="allow" open={isMistake || undefined}>
      <summary>Allow this from now on</summary>
      <form
        className="allow-form"
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <p className="dim">
          {isMistake && "It was a mistake: you may keep what is like it from being told again. "}
          What is allowed is counted, and told nowhere: no event, no message, no risk.
        </p>
        <fieldset className="allow-scopes">
          <legend className="visually-hidden">What is allowed</legend>
          {allow.map((one) => (
            <label key={one} className="allow-scope">
              <input type="radio" name={`${id}-scope`} checked={one === entry} onChange={() => setEntry(one)} />
              <span>
                {scopeText(one)}
                {standing.has(one) && <span className="allow-stands"> allowed already</span>}
              </span>
            </label>
          ))}
        </fieldset>
        <div className="allow-row">
          <label htmlFor={`${id}-note`} className="visually-hidden">
            Why
          </label>
          <input
            id={`${id}-note`}
            type="text"
            placeholder="why, for whoever comes next"
            maxLength={noteCharactersMax}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
          <select className="finding-pick" aria-label="For how long" value={expires} onChange={(event) => setExpires(event.target.value)}>
            {ends.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
          <button type="submit" className="button" disabled={busy || entry === ""}>
            {standing.has(entry) ? "Change it" : "Allow"}
          </button>
          {standing.has(entry) && (
            <button type="button" className="button" disabled={busy} onClick={() => void run(() => api.allow.remove(entry))}>
              Tell it again
            </button>
          )}
        </div>
        {error !== undefined && (
          <p role="alert" className="finding-error">
            {error}
          </p>
        )}
        <p className="dim">
          For all runs, in the configuration: <code>{yamlOf(entry)}</code> <Copy text={yamlOf(entry)} label={`the entry ${entry}`} />
        </p>
      </form>
    </details>
  );
}

const yamlOf = (entry: string): string => `detect: { allow: [${JSON.stringify(entry)}] }`;

/** An entry in words. */
function scopeText(entry: string) {
  const cut = entry.indexOf("=");
  const [who = "", whom] = entry.slice(cut + 1).split(">");
  const what = cut < 0 ? <b>everything</b> : <b>{entry.slice(0, cut)}</b>;
  return (
    <>
      {what} {whom === undefined ? "of" : "from"} <span className="mono">{who}</span>
      {whom !== undefined && (
        <>
          {" "}
          to <span className="mono">{whom}</span>
        </>
      )}
      {whom === undefined && ", with anybody"}
    </>
  );
}
