import { useState } from "react";
import { si } from "#base/units.ts";
import type { KindFacts } from "#schema/api.ts";
import { Bars } from "#web/parts/bars.tsx";
import { Failure } from "#web/parts/failure.tsx";
import { Notice } from "#web/parts/notice.tsx";
import { equals } from "#web/query/expression.ts";
import { queryErrorOf } from "#web/query/query-error.ts";
import { useServices } from "#web/state/context.ts";
import { useLoaded } from "#web/state/use-loaded.ts";

const GROUPS_MAX = 20;
/** Nearly every value of these is different. */
const POINTLESS = new Set(["time", "flow_id", "pcap_cnt", "start", "end"]);

interface Props {
  readonly kind: KindFacts;
  readonly expression: string;
  /** A value was chosen: the condition that means it. */
  readonly onPick: (condition: string) => void;
}

/** The most frequent values of a column among the events that match; a click narrows the search to one. */
export function TopValues({ kind, expression, onPick }: Props) {
  const { api } = useServices();
  const columns = kind.columns.filter((column) => !POINTLESS.has(column.name));
  const preset = columns.find((column) => column.type === "text" && column.path.startsWith(`${kind.name}.`)) ?? columns[0];
  const [column, setColumn] = useState(preset?.name ?? "");
  const question = { kind: kind.name, expression, limit: GROUPS_MAX };
  const answer = useLoaded(`${JSON.stringify(question)} ${column}`, (signal) => api.top(question, column, signal));
  const groups = answer.data?.groups ?? [];
  const most = groups[0]?.count ?? 0;
  return (
    <aside className="top-values" aria-label="Top values">
      <label className="top-values-head">
        <span>Top values of</span>
        <select value={column} onChange={(event) => setColumn(event.currentTarget.value)}>
          {columns.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      {answer.error !== undefined && queryErrorOf(answer.error) === undefined && (
        <Failure what="The values could not be counted." error={answer.error} retry={answer.reload} />
      )}
      {answer.data !== undefined && groups.length === 0 && <Notice title="No values." />}
      <Bars
        rows={groups.map((group) => ({
          key: String(group.value),
          label: (
            <button
              type="button"
              className="top-value cut"
              title={`Only ${equals(column, group.value)}`}
              onClick={() => onPick(equals(column, group.value))}
            >
              {group.value === undefined ? (
                <span className="dim">none</span>
              ) : group.value === "" ? (
                <span className="dim">empty</span>
              ) : (
                group.value
              )}
            </button>
          ),
          share: most === 0 ? 0 : group.count / most,
          colour: "var(--accent)",
          value: si(group.count),
        }))}
      />
    </aside>
  );
}
