import { useDeferredValue, useState } from "react";
import { count } from "#base/units.ts";
import { rowMatches, rowOfLive } from "#client/flow-row.ts";
import { liveColumns } from "#web/flow/flow-columns.tsx";
import { FlowCompact } from "#web/flow/flow-compact.tsx";
import { Failure } from "#web/parts/failure.tsx";
import { Link } from "#web/parts/link.tsx";
import { Notice } from "#web/parts/notice.tsx";
import { isExpression, wordsOf } from "#web/query/expression.ts";
import { FindField } from "#web/query/find-field.tsx";
import { queryErrorOf } from "#web/query/query-error.ts";
import { flowsRoute } from "#web/shell/route.ts";
import { useLive, useServices } from "#web/state/context.ts";
import { useKinds } from "#web/state/use-kinds.ts";
import { useLoaded } from "#web/state/use-loaded.ts";
import { type Order, sorted } from "#web/table/column.ts";
import { DataTable } from "#web/table/data-table.tsx";
import type { FlowListProps } from "./flow-list.ts";

const ASK_EVERY_MS = 1000;

/**
 * The flows that go on. Words are looked for here, in every row that the stream brought; an expression is for the
 * server to judge, once a second, so that the language has one meaning only.
 */
export function FlowLive({ choice, find, onFind, onOpen, opened }: FlowListProps) {
  const { api } = useServices();
  const flows = useLive((state) => state.summary?.flows);
  const alive = useLive((state) => state.summary?.live_flows ?? 0);
  const finished = useLive((state) => state.summary?.source.finished === true);
  const paused = useLive((state) => state.paused);
  const kinds = useKinds();
  const [order, setOrder] = useState<Order | undefined>(undefined);
  const expression = isExpression(find) ? find.trim() : undefined;
  const answer = useLoaded(expression, (signal) => api.liveFlows(expression ?? "", signal), paused ? undefined : ASK_EVERY_MS);
  const words = useDeferredValue(expression === undefined ? find : "");

  const listed = expression === undefined ? (flows ?? []) : (answer.data ?? []);
  const rows = sorted(
    listed.map(rowOfLive).filter((row) => rowMatches(row, wordsOf(words))),
    liveColumns,
    order,
  );
  const queryError = queryErrorOf(answer.error);
  return (
    <>
      <div className="list-head">
        {choice}
        <FindField
          label="Search live flows"
          value={find}
          onChange={onFind}
          columns={kinds.data?.find((kind) => kind.name === "flow")?.columns ?? []}
          error={queryError}
        />
        <span className="dim num list-count">
          {count(rows.length)} of {count(alive)} live
        </span>
      </div>
      {answer.error !== undefined && queryError === undefined ? (
        <Failure what="The live flows could not be asked for." error={answer.error} retry={answer.reload} />
      ) : (
        <div className="list-body">
          <DataTable
            label="Live flows"
            rows={rows}
            columns={liveColumns}
            keyOf={(row) => row.id}
            compact={(row) => <FlowCompact row={row} />}
            onOpen={(row) => onOpen(row.id)}
            selected={opened}
            order={order}
            onOrder={setOrder}
            empty={queryError === undefined && <NoLiveFlows find={find} finished={finished} waiting={flows === undefined} />}
          />
        </div>
      )}
    </>
  );
}

function NoLiveFlows({ find, finished, waiting }: { readonly find: string; readonly finished: boolean; readonly waiting: boolean }) {
  const history = <Link to={flowsRoute(find, "history")}>the history</Link>;
  if (waiting) return <Notice title="Waiting for the engine.">Flows that have ended stand in {history}.</Notice>;
  if (find !== "")
    return <Notice title="No live flow matches.">Live are only flows that go on; those that have ended stand in {history}.</Notice>;
  if (finished) return <Notice title="The source has ended: no flow is alive.">All flows stand in {history}.</Notice>;
  return <Notice title="No live flows.">They appear with the first packets. Earlier ones stand in {history}.</Notice>;
}
