import { count, many } from "#base/units.ts";
import type { AllowRow } from "#schema/allow.ts";
import { type Change, useChange } from "#web/pages/rules/use-change.ts";
import { Icon } from "#web/parts/icon.tsx";
import { When } from "#web/parts/when.tsx";
import { useServices } from "#web/state/context.ts";
import { useLoaded } from "#web/state/use-loaded.ts";
import "./allow.css";

const everyMs = 15_000;
const pairsMax = 3;

/** Who is never told, and what was kept back because of it: closed until somebody wants to see it. */
export function AllowPanel() {
  const { api } = useServices();
  const allowed = useLoaded("allow", api.allow.list, everyMs);
  const change = useChange(allowed.reload);
  const { data } = allowed;
  if (data === undefined || data.entries.length === 0) return null;
  return (
    <details className="finding-risks">
      <summary>
        {many(data.entries.length, "entry", "entries")} of what is allowed, {many(data.hits, "finding")} kept back
      </summary>
      {change.error !== undefined && (
        <p role="alert" className="finding-error">
          {change.error}
        </p>
      )}
      <p className="dim allow-about">Never told: not as an event, a message or a risk. Entries are added on the page of a finding.</p>
      <ul className="allow-list">
        {data.entries.map((row) => (
          <Row key={`${row.origin} ${row.entry}`} row={row} change={change} />
        ))}
      </ul>
    </details>
  );
}

function Row({ row, change }: { readonly row: AllowRow; readonly change: Change }) {
  const { api } = useServices();
  const { entry, origin, hits, last, pairs, note, who, expires, expired } = row;
  return (
    <li data-off={expired}>
      <span className="allow-entry">
        <span className="mono">{entry}</span>
        <span className="dim">
          {[note, origin === "configuration" ? "in the configuration" : "", who === "" ? "" : `by ${who}`]
            .filter((part) => part !== "")
            .join(" · ")}
          {expires !== undefined && (
            <>
              {expired ? " over since " : " until "}
              <When time={expires} date />
            </>
          )}
        </span>
      </span>
      <span className="allow-hits">
        <span>
          {hits === 0 ? "nothing kept back yet" : `${many(hits, "finding")} kept back, last `}
          {last !== undefined && <When time={last} date />}
        </span>
        {pairs.slice(0, pairsMax).map((pair) => (
          <span key={`${pair.detector} ${pair.source} ${pair.target}`} className="dim">
            {pair.detector} <span className="mono">{[pair.source, pair.target].filter((one) => one !== "").join(" → ")}</span>{" "}
            {count(pair.hits)}×
          </span>
        ))}
        {pairs.length > pairsMax && <span className="dim">and {pairs.length - pairsMax} more</span>}
      </span>
      {origin === "list" ? (
        <button
          type="button"
          className="icon-button small"
          aria-label={`Tell ${entry} again`}
          title="Tell it again"
          disabled={change.busy}
          onClick={() => void change.run(() => api.allow.remove(entry))}
        >
          <Icon name="close" size={14} />
        </button>
      ) : (
        <span className="allow-fixed" />
      )}
    </li>
  );
}
