import { useVirtualizer } from "@tanstack/react-virtual";
import { type MouseEvent, type ReactNode, useId, useRef } from "react";
import { fitting, type Order, type TableColumn, tracksOf } from "./column.ts";
import { TableHead } from "./table-head.tsx";
import { useRowsByKey } from "./use-rows-by-key.ts";
import { useWidth } from "./use-width.ts";
import "./table.css";

const ROW_PIXELS = 28;
const COMPACT_ROW_PIXELS = 50;
/** Narrower than this a table shows two-line rows instead of columns. */
const COMPACT_BELOW = 560;

interface Props<Row> {
  /** What the rows are, for screen readers. */
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly TableColumn<Row>[];
  readonly keyOf: (row: Row, index: number) => string | number;
  /** The row as two lines, for narrow screens. */
  readonly compact: (row: Row) => ReactNode;
  readonly onOpen: (row: Row) => void;
  readonly selected?: string | number | undefined;
  readonly order?: Order | undefined;
  readonly onOrder?: (order: Order) => void;
  /** Stands where there are no rows. */
  readonly empty: ReactNode;
  /** Comes after the last row: paging. */
  readonly foot?: ReactNode;
}

/** A table of any length: only rows in sight are in the document. Arrows move, Enter or a click opens. */
export function DataTable<Row>(props: Props<Row>) {
  const { label, rows, keyOf, compact, onOpen, selected, empty, foot } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const id = useId();
  const width = useWidth(scroller);
  const narrow = width > 0 && width < COMPACT_BELOW;
  const rowPixels = narrow ? COMPACT_ROW_PIXELS : ROW_PIXELS;
  const columns = fitting(props.columns, width);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPixels,
    getItemKey: (index) => keyOf(rows[index] as Row, index),
    overscan: 10,
  });
  const keys = useRowsByKey({
    count: rows.length,
    keyOf: (index) => keyOf(rows[index] as Row, index),
    open: (index) => onOpen(rows[index] as Row),
    show: (index) => virtual.scrollToIndex(index),
    page: Math.max(1, Math.floor((virtual.scrollRect?.height ?? 0) / rowPixels) - 1),
  });
  const template = { gridTemplateColumns: tracksOf(columns) };

  const open = (event: MouseEvent) => {
    const index = Number((event.target as Element).closest("tr")?.dataset["index"] ?? -1);
    const row = rows[index];
    if (row === undefined) return;
    keys.setActive(keyOf(row, index));
    onOpen(row);
  };

  return (
    <div ref={scroller} className="table" data-narrow={narrow}>
      {/* The grid takes the focus as a whole; `aria-activedescendant` says which row is meant. */}
      <table
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose rows are reached by arrows is a grid (ARIA APG)
        role="grid"
        aria-label={label}
        aria-rowcount={rows.length}
        aria-activedescendant={keys.active === undefined ? undefined : `${id}${keys.active}`}
        tabIndex={0}
        onClick={open}
        onKeyDown={keys.onKeyDown}
      >
        {!narrow && <TableHead columns={columns} template={template} sample={rows[0]} order={props.order} onOrder={props.onOrder} />}
        <tbody style={{ height: rows.length * rowPixels }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index] as Row;
            const key = keyOf(row, item.index);
            return (
              <tr
                key={item.key}
                id={`${id}${key}`}
                data-index={item.index}
                aria-rowindex={item.index + 1}
                aria-selected={key === selected}
                data-active={key === keys.active}
                style={{ ...(narrow ? undefined : template), height: rowPixels, transform: `translateY(${item.index * rowPixels}px)` }}
              >
                {narrow ? (
                  <td className="table-compact">{compact(row)}</td>
                ) : (
                  columns.map((column) => <Cell key={column.key} column={column} row={row} />)
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
      {rows.length === 0 && empty}
      {foot}
    </div>
  );
}

function Cell<Row>({ column, row }: { readonly column: TableColumn<Row>; readonly row: Row }) {
  return (
    <td className="cut" data-align={column.align}>
      {column.cell(row)}
    </td>
  );
}
