import { type ReactNode, useState } from "react";
import { count } from "#base/units.ts";
import type { KindFacts } from "#schema/api.ts";
import type { OddwireEvent } from "#schema/event.ts";
import { Failure } from "#web/parts/failure.tsx";
import { Notice } from "#web/parts/notice.tsx";
import { expressionOf } from "#web/query/expression.ts";
import { FindField } from "#web/query/find-field.tsx";
import { queryErrorOf } from "#web/query/query-error.ts";
import type { Question } from "#web/state/api.ts";
import { useServices } from "#web/state/context.ts";
import { usePages } from "#web/state/use-pages.ts";
import type { Order, TableColumn } from "#web/table/column.ts";
import { DataTable } from "#web/table/data-table.tsx";
import { Arrived } from "./arrived.tsx";

const PAGE_ROWS = 200;

interface Props {
  /** Stands before the search. */
  readonly head?: ReactNode;
  /** `undefined` until the kinds are known. */
  readonly kind: KindFacts | undefined;
  readonly find: string;
  readonly onFind: (find: string) => void;
  readonly columns: readonly TableColumn<OddwireEvent>[];
  readonly compact: (event: OddwireEvent) => ReactNode;
  readonly onOpen: (event: OddwireEvent) => void;
  readonly isOpened?: (event: OddwireEvent) => boolean;
}

/** Stored events of a kind: search, order by the store, page behind page. */
export function EventList({ head, kind, find, onFind, columns, compact, onOpen, isOpened }: Props) {
  const { api } = useServices();
  const [order, setOrder] = useState<Order | undefined>(undefined);
  const question: Question | undefined = kind && {
    kind: kind.name,
    expression: expressionOf(find, kind.columns),
    limit: PAGE_ROWS,
    order: order && `${order.descending ? "-" : ""}${order.key}`,
  };
  const pages = usePages(question);
  const queryError = queryErrorOf(pages.error);
  const opened = isOpened === undefined ? -1 : pages.events.findIndex(isOpened);
  return (
    <>
      <div className="list-head">
        {head}
        <FindField
          label={`Search ${kind?.name ?? ""} events`}
          value={find}
          onChange={onFind}
          columns={kind?.columns ?? []}
          error={queryError}
        />
        <span className="list-count panel-row">
          {kind !== undefined && <Arrived kind={kind.name} onReload={pages.reload} />}
          {question !== undefined && pages.events.length > 0 && (
            <a href={api.csvHref(question)} download={`${question.kind}.csv`}>
              CSV
            </a>
          )}
        </span>
      </div>
      {pages.error !== undefined && queryError === undefined ? (
        <Failure what={`The ${kind?.name} events could not be asked for.`} error={pages.error} retry={pages.reload} />
      ) : (
        <div className="list-body" aria-busy={pages.loading}>
          <DataTable
            label={`${kind?.name ?? ""} events`}
            rows={pages.events}
            columns={columns}
            keyOf={(_event, index) => index}
            compact={compact}
            onOpen={onOpen}
            selected={opened}
            order={order}
            onOrder={setOrder}
            empty={!pages.loading && queryError === undefined && <NoEvents kind={kind?.name ?? ""} find={find} />}
            foot={
              <div className="table-foot">
                {pages.loading && "loading …"}
                {!pages.loading && pages.events.length > 0 && <span className="num">{count(pages.events.length)} shown</span>}
                {pages.more && !pages.loading && (
                  <button type="button" className="button" onClick={pages.loadMore}>
                    Show {PAGE_ROWS} more
                  </button>
                )}
                {pages.full && "More than a table should hold: narrow the search, or take the CSV."}
              </div>
            }
          />
        </div>
      )}
    </>
  );
}

function NoEvents({ kind, find }: { readonly kind: string; readonly find: string }) {
  if (find !== "")
    return <Notice title={`No ${kind} event matches.`}>Fewer words find more; the “?” beside the search lists the columns.</Notice>;
  return (
    <Notice title={`No ${kind} events are stored yet.`}>
      {kind === "flow"
        ? "A flow is stored when it ends. Until then it stands among the live ones."
        : "They appear as soon as the engine tells one and the store has written it."}
    </Notice>
  );
}
