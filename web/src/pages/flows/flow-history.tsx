import { rowOfEvent } from "#client/flow-row.ts";
import type { OddwireEvent } from "#schema/event.ts";
import { flowKind } from "#schema/kinds.ts";
import { EventList } from "#web/events/event-list.tsx";
import { historyColumns } from "#web/flow/flow-columns.tsx";
import { FlowCompact } from "#web/flow/flow-compact.tsx";
import { Failure } from "#web/parts/failure.tsx";
import { useKinds } from "#web/state/use-kinds.ts";
import type { TableColumn } from "#web/table/column.ts";
import type { FlowListProps } from "./flow-list.ts";

/** The same columns, reading from events. The store sorts; what it has no column for cannot be ordered by. */
const columns = historyColumns.map((column): TableColumn<OddwireEvent> => {
  const { value } = column;
  const stored = flowKind.columns.some(({ name }) => name === column.key) || column.key.endsWith("_ip");
  return Object.assign({}, column, {
    cell: (event: OddwireEvent) => column.cell(rowOfEvent(event)),
    value: stored && value !== undefined ? (event: OddwireEvent) => value(rowOfEvent(event)) : undefined,
  });
});

/** The flows that have ended, from the store. */
export function FlowHistory({ choice, find, onFind, onOpen, opened }: FlowListProps) {
  const kinds = useKinds();
  const kind = kinds.data?.find((each) => each.name === "flow");
  if (kinds.error !== undefined) return <Failure what="The event kinds could not be asked for." error={kinds.error} retry={kinds.reload} />;
  return (
    <EventList
      head={choice}
      kind={kind}
      find={find}
      onFind={onFind}
      columns={columns}
      compact={(event) => <FlowCompact row={rowOfEvent(event)} />}
      onOpen={(event) => event.flow_id !== undefined && onOpen(event.flow_id)}
      isOpened={(event) => event.flow_id === opened}
    />
  );
}
