import { bytes, count } from "#base/units.ts";
import type { RuleState } from "#schema/rule-lists.ts";
import { Failure } from "#web/parts/failure.tsx";
import { Icon } from "#web/parts/icon.tsx";
import { Notice } from "#web/parts/notice.tsx";
import { When } from "#web/parts/when.tsx";
import { useServices } from "#web/state/context.ts";
import type { Loaded } from "#web/state/use-loaded.ts";
import { Troubles } from "./troubles.tsx";
import { useChange } from "./use-change.ts";

const names: Readonly<Record<string, string>> = { signature: "rules", keyword: "keywords", indicator: "indicators" };

/** What is in use, since when, and the button that reads all files anew. */
export function RulesPanel({ state }: { readonly state: Loaded<RuleState> }) {
  const { api } = useServices();
  const change = useChange(state.reload);
  const { data } = state;
  return (
    <section className="panel" aria-label="Rules in use">
      <div className="panel-head">
        <h2>In use</h2>
        {data !== undefined && (
          <span className="dim">
            since <When time={data.loaded_at} date />
          </span>
        )}
        <button type="button" className="button push" disabled={change.busy} onClick={() => void change.run(api.rules.reload)}>
          <Icon name="reload" size={14} /> {change.busy ? "Reading …" : "Read the files anew"}
        </button>
      </div>
      <div className="panel-body">
        {state.error !== undefined && <Failure what="The rules could not be asked for." error={state.error} retry={state.reload} />}
        {data === undefined && state.error === undefined && <Notice title="Loading …" />}
        {data !== undefined && data.kinds.length === 0 && <p className="dim">No engine runs here, or it judges by no rules.</p>}
        <ul className="rules-kinds">
          {data?.kinds.map(({ kind, loaded, rejected, bytes: size }) => (
            <li key={kind}>
              <b className="num">{count(loaded)}</b> {names[kind] ?? kind}
              {rejected > 0 && <span className="rules-bad"> · {count(rejected)} refused</span>}
              <span className="dim"> · {bytes(size)}</span>
            </li>
          ))}
        </ul>
        {(change.error ?? data?.error) !== undefined && (
          <p className="rules-error" role="alert">
            {change.error ?? data?.error}
          </p>
        )}
        {data !== undefined && data.changed.length > 0 && <p className="dim">Changed by the last reading: {data.changed.join(", ")}</p>}
        {data !== undefined && <Troubles troubles={data.troubles} />}
      </div>
    </section>
  );
}
