import { count, many } from "#base/units.ts";
import { severities } from "#schema/finding.ts";
import type { FindingRow } from "#schema/finding-mark.ts";
import { When } from "#web/parts/when.tsx";
import type { TableColumn } from "#web/table/column.ts";
import { opinionText, Severity, StateMark } from "./finding-words.tsx";

/** Columns of the list. Those with a `value` are sorted by the store, under the column's key. */
export const findingColumns: readonly TableColumn<FindingRow>[] = [
  {
    key: "severity",
    label: "Severity",
    meaning: "The newest is first within one severity",
    width: 78,
    value: (row) => severities.indexOf(row.severity),
    cell: (row) => <Severity of={row.severity} />,
  },
  { key: "category", label: "Category", width: 92, rank: 4, value: (row) => row.category, cell: (row) => row.category },
  {
    key: "title",
    label: "What was found",
    width: 240,
    grow: 3,
    cell: (row) => <strong title={row.title}>{row.title}</strong>,
  },
  { key: "src_ip", label: "Host", width: 120, grow: 1, rank: 3, cell: (row) => <span className="mono">{row.source}</span> },
  { key: "dest_ip", label: "Target", width: 120, grow: 1, rank: 7, cell: (row) => <span className="mono">{row.target}</span> },
  {
    key: "signs",
    label: "Signs",
    meaning: "How often its cause was seen until it was last told",
    width: 54,
    align: "end",
    rank: 5,
    cell: (row) => <span className="num">{count(row.signs)}</span>,
  },
  {
    key: "opinion",
    label: "Seems",
    meaning: "What earlier verdicts say of it",
    width: 76,
    rank: 6,
    cell: (row) => (
      <span title={opinionText(row)}>{row.opinion === undefined || row.opinion.verdict === "unknown" ? "" : row.opinion.verdict}</span>
    ),
  },
  { key: "time", label: "Last", width: 118, rank: 2, value: (row) => row.last, cell: (row) => <When time={row.last} /> },
  { key: "state", label: "State", width: 66, rank: 1, cell: (row) => <StateMark of={row.state} /> },
];

const withoutOpinion = findingColumns.filter(({ key }) => key !== "opinion");

/** Those that have something to say of these rows. */
export const columnsFor = (rows: readonly FindingRow[]): typeof findingColumns =>
  rows.some(({ opinion }) => opinion !== undefined && opinion.verdict !== "unknown") ? findingColumns : withoutOpinion;

/** A finding on two lines, for narrow screens. */
export function FindingCompact({ row }: { readonly row: FindingRow }) {
  return (
    <>
      <span className="cut finding-compact-title">
        <Severity of={row.severity} /> <strong>{row.title}</strong>
      </span>
      <span className="cut dim finding-compact-facts">
        <StateMark of={row.state} /> {row.category} · {many(row.signs, "sign")}
      </span>
      <span className="dim">
        <When time={row.last} />
      </span>
    </>
  );
}
