import { lazy, Suspense, useState } from "react";
import { findingCategories, severities } from "#schema/finding.ts";
import { Choice } from "#web/parts/choice.tsx";
import { Failure } from "#web/parts/failure.tsx";
import { Notice } from "#web/parts/notice.tsx";
import { both, expressionOf } from "#web/query/expression.ts";
import { FindField } from "#web/query/find-field.tsx";
import { queryErrorOf } from "#web/query/query-error.ts";
import type { FindingsOrder, Route, StateFilter } from "#web/shell/route.ts";
import { useGo } from "#web/state/context.ts";
import { useKinds } from "#web/state/use-kinds.ts";
import type { Order } from "#web/table/column.ts";
import { DataTable } from "#web/table/data-table.tsx";
import { AllowPanel } from "./allow-panel.tsx";
import { columnsFor, FindingCompact } from "./finding-columns.tsx";
import { RiskPanel } from "./risk-panel.tsx";
import { useFindings } from "./use-findings.ts";
import "#web/pages/flows/flows.css";
import "./findings.css";

const FindingPage = lazy(() => import("./finding-page.tsx"));

const pageRows = 200;
/** Rows that a table holds at most. */
const rowsMax = 10_000;

const states = [
  { value: "open", label: "Open" },
  { value: "", label: "All" },
  { value: "closed", label: "Closed" },
  { value: "false", label: "False" },
  { value: "benign", label: "Benign" },
] as const;

type FindingsRoute = Extract<Route, { page: "findings" }>;

/** What waits for somebody is gravest first; what is dealt with, newest first. */
const usualOrder = (state: StateFilter): FindingsOrder => (state === "open" ? "-severity" : "-time");

/** What was found, each cause once, or one finding in full. */
export default function Findings({ route }: { readonly route: FindingsRoute }) {
  if (route.finding === undefined) return <FindingList route={route} />;
  return (
    <Suspense fallback={<Notice title="Loading …" />}>
      <FindingPage key={route.finding} id={route.finding} list={{ ...route, finding: undefined }} />
    </Suspense>
  );
}

function FindingList({ route }: { readonly route: FindingsRoute }) {
  const go = useGo();
  const columns = useKinds().data?.find((kind) => kind.name === "finding")?.columns ?? [];
  const [wanted, setWanted] = useState(pageRows);
  const [category, setCategory] = useState("");
  const [severity, setSeverity] = useState("");
  const { find, state } = route;
  const sorted = route.order || usualOrder(state);
  const order: Order = { key: sorted.replace(/^-/, ""), descending: sorted.startsWith("-") };
  const narrowed = both(category && `category = ${category}`, severity && `severity = ${severity}`);
  const question = {
    expression: both(expressionOf(find, columns), narrowed),
    state,
    order: sorted,
  };
  const { data, error, reload, loading } = useFindings(question, wanted);
  const queryError = queryErrorOf(error);
  const rows = data?.findings ?? [];
  return (
    <div className="panel list-page">
      <h1 className="visually-hidden">Findings</h1>
      <div className="list-head">
        <Choice
          label="Which findings"
          options={states}
          value={state}
          onChange={(value: StateFilter) => go({ ...route, state: value }, "replace")}
        />
        <Pick label="Category" value={category} values={findingCategories} onChange={setCategory} />
        <Pick label="Severity" value={severity} values={severities} onChange={setSeverity} />
        <FindField
          label="Search findings"
          value={find}
          onChange={(text) => go({ ...route, find: text }, "replace")}
          columns={columns}
          error={queryError}
        />
        <span className="dim num list-count">
          {rows.length}
          {data?.more === true && "+"} findings
        </span>
      </div>
      <RiskPanel />
      <AllowPanel />
      {error !== undefined && queryError === undefined ? (
        <Failure what="The findings could not be asked for." error={error} retry={reload} />
      ) : (
        <div className="list-body" aria-busy={loading}>
          <DataTable
            label="Findings"
            rows={rows}
            columns={columnsFor(rows)}
            keyOf={(row) => row.id}
            compact={(row) => <FindingCompact row={row} />}
            onOpen={(row) => go({ ...route, finding: row.id })}
            order={order}
            onOrder={({ key, descending }) => go({ ...route, order: `${descending ? "-" : ""}${key}` as FindingsOrder }, "replace")}
            empty={!loading && queryError === undefined && <NoFindings narrowed={find !== "" || narrowed !== ""} state={state} />}
            foot={
              data?.more === true && (
                <div className="table-foot">
                  {wanted < rowsMax ? (
                    <button type="button" className="button" onClick={() => setWanted(Math.min(rowsMax, wanted * 2))}>
                      Show more
                    </button>
                  ) : (
                    "More than a table should hold: narrow the search."
                  )}
                </div>
              )
            }
          />
        </div>
      )}
    </div>
  );
}

interface PickProps {
  readonly label: string;
  readonly value: string;
  readonly values: readonly string[];
  readonly onChange: (value: string) => void;
}

function Pick({ label, value, values, onChange }: PickProps) {
  return (
    <select className="finding-pick" aria-label={label} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
      <option value="">{label}: any</option>
      {values.map((one) => (
        <option key={one}>{one}</option>
      ))}
    </select>
  );
}

function NoFindings({ narrowed, state }: { readonly narrowed: boolean; readonly state: StateFilter }) {
  if (narrowed) return <Notice title="No finding matches.">Another state, category or a shorter search may have some.</Notice>;
  if (state === "open") return <Notice title="Nothing waits for you.">Every finding is closed, false or benign, or there is none.</Notice>;
  if (state !== "") return <Notice title={`No finding is ${state}.`}>States are set on the page of a finding.</Notice>;
  return <Notice title="Nothing was found so far.">What was not looked at cannot be odd: see the coverage line above.</Notice>;
}
