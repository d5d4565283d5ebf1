import type { FindingRow } from "#schema/finding-mark.ts";
import { FindingCompact, findingColumns } from "#web/pages/findings/finding-columns.tsx";
import { Failure } from "#web/parts/failure.tsx";
import { Link } from "#web/parts/link.tsx";
import { Notice } from "#web/parts/notice.tsx";
import { eventsRoute, findingRoute, findingsRoute } from "#web/shell/route.ts";
import { useGo, useServices } from "#web/state/context.ts";
import { useLoaded } from "#web/state/use-loaded.ts";
import { DataTable } from "#web/table/data-table.tsx";

/** The gravest of each severity that are shown; the page of findings has them all. */
const SHOWN_MAX = 200;
const graveToLight = ["severity = critical", "severity = high", "severity = medium", "severity in low,info"] as const;

/** Marks are for the page of findings; here the words have the room. */
const columns = findingColumns
  .filter(({ key }) => !["signs", "opinion", "state"].includes(key))
  .map((column) => ({ ...column, value: undefined }));

/** Open findings, the gravest first. */
export function KeptFindings() {
  const go = useGo();
  const { api } = useServices();
  const found = useLoaded("kept findings", async (signal): Promise<readonly FindingRow[]> => {
    const rows: FindingRow[] = [];
    for (const expression of graveToLight) {
      if (rows.length >= SHOWN_MAX) break;
      const question = { expression, state: "open", order: "-score", limit: SHOWN_MAX - rows.length } as const;
      rows.push(...(await api.findings.list(question, signal)).findings);
    }
    return rows;
  });
  return (
    <section className="panel kept-findings" aria-label="What was found">
      <div className="panel-head">
        <h2>What was found</h2>
        <span className="dim">the gravest first</span>
        <span className="push panel-row">
          <Link to={findingsRoute()}>all findings</Link>
          <Link to={eventsRoute("alert")}>alerts</Link>
          <Link to={eventsRoute("anomaly")}>anomalies</Link>
        </span>
      </div>
      {found.error !== undefined ? (
        <Failure what="The findings could not be asked for." error={found.error} retry={found.reload} />
      ) : (
        <div className="kept-findings-body" aria-busy={found.loading}>
          <DataTable
            label="What was found"
            rows={found.data ?? []}
            columns={columns}
            keyOf={(row) => row.id}
            compact={(row) => <FindingCompact row={row} />}
            onOpen={(row) => go(findingRoute(row.id))}
            empty={
              found.loading ? (
                <Notice title="Loading …" />
              ) : (
                <Notice title="Nothing waits for you.">
                  No detector found anything here, or every finding has been dealt with. What was not looked at cannot be odd: see the
                  coverage line above.
                </Notice>
              )
            }
          />
        </div>
      )}
    </section>
  );
}
