import { duration } from "#base/time-words.ts";
import { bytes, count, plain } from "#base/units.ts";
import { endText } from "#client/flow-row.ts";
import type { KindFacts } from "#schema/api.ts";
import type { OddwireEvent } from "#schema/event.ts";
import type { Column } from "#schema/field.ts";
import { When } from "#web/parts/when.tsx";
import type { TableColumn } from "#web/table/column.ts";

/** These stand together as “from” and “to”, or are for queries only. */
const COMMON = new Set(["time", "flow_id", "pcap_cnt", "src_ip", "src_port", "dest_ip", "dest_port", "proto"]);

/** Names of columns whose texts are long. */
const LONG = /title|name|event|url|host|sni|agent|subject|issuer|path/;

/** The table's columns, from what the kind declares: nothing here knows DNS from TLS. */
export function eventColumns(kind: KindFacts): readonly TableColumn<OddwireEvent>[] {
  const own = kind.columns.filter((column) => !COMMON.has(column.name));
  const ownTable = own.map((column, index): TableColumn<OddwireEvent> => {
    const number = column.type !== "text";
    return {
      key: column.name,
      label: column.name,
      meaning: column.doc,
      width: number ? 64 : 90,
      grow: number ? 0.6 : LONG.test(column.name) ? 3 : 1,
      rank: index,
      align: number && column.format !== "time" ? "end" : undefined,
      cell: (event) => <EventCell column={column} value={valueAt(event, column.path)} />,
      // The store does the sorting: only the type counts.
      value: () => (number ? 0 : ""),
    };
  });
  return [
    { key: "time", label: "time", width: 118, cell: (event) => <When time={event.timestamp} />, value: () => 0 },
    {
      key: "src_ip",
      label: "from",
      meaning: "Client address and port.",
      width: 110,
      grow: 1.2,
      cell: (event) => <EndCell address={event.src_ip} port={event.src_port} />,
      value: () => "",
    },
    {
      key: "dest_ip",
      label: "to",
      meaning: "Server address and port.",
      width: 110,
      grow: 1.2,
      cell: (event) => <EndCell address={event.dest_ip} port={event.dest_port} />,
      value: () => "",
    },
    ...ownTable,
  ];
}

/** The value at a dotted path. */
export function valueAt(event: OddwireEvent, path: string): unknown {
  let value: unknown = event;
  for (const part of path.split(".")) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as { [name: string]: unknown })[part];
  }
  return value;
}

/** A value as text, by what its column holds. */
export function valueText(column: Pick<Column, "name" | "type">, value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value !== "number")
    return Array.isArray(value) ? value.map((item) => valueText(column, item)).join(", ") : JSON.stringify(value);
  if (column.name.includes("bytes") || column.name === "length") return bytes(value);
  if (column.name === "age") return duration(value);
  return /(?:_id|port|code|version|type|status)$|^id$/.test(column.name)
    ? String(value)
    : column.type === "real"
      ? plain(value)
      : count(value);
}

function EventCell({ column, value }: { readonly column: Column; readonly value: unknown }) {
  if (column.format === "time" || (typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value))) return <When time={value} />;
  const text = valueText(column, value);
  if (column.name === "severity")
    return (
      <span className="severity" data-severity={text}>
        {text}
      </span>
    );
  return (
    <span className={typeof value === "number" ? "num" : undefined} title={text}>
      {text}
    </span>
  );
}

function EndCell({ address, port }: { readonly address: string | undefined; readonly port: number | undefined }) {
  if (address === undefined) return undefined;
  return <span className="mono">{endText(address, port)}</span>;
}
