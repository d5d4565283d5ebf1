import { useState } from "react";
import { count } from "#base/units.ts";
import { rowOfLive } from "#client/flow-row.ts";
import { liveColumns } from "#web/flow/flow-columns.tsx";
import { FlowCompact } from "#web/flow/flow-compact.tsx";
import { Link } from "#web/parts/link.tsx";
import { Notice } from "#web/parts/notice.tsx";
import { flowRoute, flowsRoute } from "#web/shell/route.ts";
import { useGo, useLive } from "#web/state/context.ts";
import { type Order, sorted } from "#web/table/column.ts";
import { DataTable } from "#web/table/data-table.tsx";

/** The most recently active flows. */
export function LiveFlows() {
  const go = useGo();
  const summary = useLive((state) => state.summary);
  const [order, setOrder] = useState<Order | undefined>(undefined);
  const rows = sorted((summary?.flows ?? []).map(rowOfLive), liveColumns, order);
  return (
    <section className="panel live-flows" aria-label="Live flows">
      <div className="panel-head">
        <h2>Live flows</h2>
        <span className="dim num">
          {summary !== undefined && `the ${count(rows.length)} most recently active of ${count(summary.live_flows)}`}
        </span>
        <Link to={flowsRoute()} className="push">
          all flows
        </Link>
      </div>
      <div className="live-flows-body">
        <DataTable
          label="Live flows"
          rows={rows}
          columns={liveColumns}
          keyOf={(row) => row.id}
          compact={(row) => <FlowCompact row={row} />}
          onOpen={(row) => go(flowRoute(row.id))}
          order={order}
          onOrder={setOrder}
          empty={
            <Notice title={summary?.source.finished === true ? "The source has ended: no flow is alive." : "No live flows."}>
              {summary?.source.finished === true ? (
                <Link to={flowsRoute("", "history")}>See the flows that have ended</Link>
              ) : (
                "They appear with the first packets."
              )}
            </Notice>
          }
        />
      </div>
    </section>
  );
}
