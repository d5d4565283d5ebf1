import type { Column, Kind } from "#schema/field.ts";
import { columnsOf } from "./column-value.ts";

/** What a name in a query stands for: one column, or several of which one has to match. */
export interface Target {
  readonly name: string;
  readonly columns: readonly Column[];
  /** True for `host`: addresses are looked for in the addresses, all else in the names. */
  readonly mixed: boolean;
}

/** Columns that hold names of hosts, whatever the kind. */
const HOST_NAMES: readonly string[] = ["host", "hostname", "sni", "rrname", "server_name", "authority"];

/** Names for either side of the kinds that know both. */
const EITHER: Readonly<Record<string, readonly string[]>> = {
  country: ["src_country", "dest_country"],
  asn: ["src_asn", "dest_asn"],
  as_org: ["src_as_org", "dest_as_org"],
};

/** The column called so, or at that path of the event, or a shorthand: `ip`, `port`, `host`, `country`, `asn`, `as_org`. */
export function targetOf(kind: Pick<Kind, "columns">, name: string): Target | undefined {
  const columns = columnsOf(kind);
  const wanted = name.toLowerCase();
  const found = columns.find((column) => column.name === wanted) ?? columns.find((column) => column.path === wanted);
  if (found !== undefined) return { name, columns: [found], mixed: false };
  const pick = (names: readonly string[]): readonly Column[] => columns.filter((column) => names.includes(column.name));
  if (wanted === "ip") return { name, columns: pick(["src_ip", "dest_ip"]), mixed: false };
  const either = EITHER[wanted];
  if (either !== undefined && pick(either).length > 0) return { name, columns: pick(either), mixed: false };
  if (wanted === "port") return { name, columns: pick(["src_port", "dest_port"]), mixed: false };
  if (wanted === "host") return { name, columns: pick(["src_ip", "dest_ip", ...HOST_NAMES]), mixed: true };
  return undefined;
}

/** Every name that a query over the kind may use. */
export const namesOf = (kind: Pick<Kind, "columns">): readonly string[] => [
  ...columnsOf(kind).map((column) => column.name),
  "ip",
  "port",
  "host",
  ...Object.keys(EITHER).filter((name) => EITHER[name]?.some((side) => columnsOf(kind).some((column) => column.name === side))),
];
