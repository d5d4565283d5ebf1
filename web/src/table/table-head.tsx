import type { CSSProperties } from "react";
import { type Order, type TableColumn, turned } from "./column.ts";

interface Props<Row> {
  readonly columns: readonly TableColumn<Row>[];
  readonly template: CSSProperties;
  /** Any row: tells numbers from texts. */
  readonly sample: Row | undefined;
  readonly order: Order | undefined;
  readonly onOrder: ((order: Order) => void) | undefined;
}

/** The header row; columns that can be ordered by are buttons. */
export function TableHead<Row>({ columns, template, sample, order, onOrder }: Props<Row>) {
  return (
    <thead>
      <tr style={template}>
        {columns.map((column) => {
          const ordered = order?.key === column.key ? (order.descending ? "descending" : "ascending") : undefined;
          const click = () => onOrder?.(turned(order, column.key, sample === undefined ? undefined : column.value?.(sample)));
          return (
            <th key={column.key} scope="col" aria-sort={ordered} data-align={column.align} title={column.meaning}>
              {onOrder !== undefined && column.value !== undefined ? (
                <button type="button" className="cut" onClick={click}>
                  {column.label}
                  <span aria-hidden="true">{ordered === undefined ? "" : ordered === "descending" ? " ↓" : " ↑"}</span>
                </button>
              ) : (
                <span className="cut">{column.label}</span>
              )}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}
