import { parseTime } from "#base/time.ts";
import { OddwireError } from "#contract/errors.ts";
import type { Condition, Plan } from "#contract/store.ts";
import { parseNetwork } from "#query/address.ts";
import { parseQuery } from "#query/parse.ts";
import type { Column } from "#schema/field.ts";
import type { KindResource } from "./kind-resources.ts";
import { type Parameter, type ParameterValues, shown } from "./parameters.ts";

export const LIMIT_MAX = 1000;

/** Parameters that narrow down which events are meant. */
const filterParameters: readonly Parameter[] = [
  { name: "q", type: "text", doc: "Query language: `dest_port = 443 and bytes_toclient > 1000`; `(…)`, `not`, `~` (contains), `in (…)`." },
  { name: "from", type: "time", doc: "Events at this time or later: microseconds since 1970 or ISO 8601." },
  { name: "to", type: "time", doc: "Events before this time." },
];

const pageParameters: readonly Parameter[] = [
  { name: "limit", type: "integer", doc: "Events in the answer.", min: 1, max: LIMIT_MAX, default: 100 },
  { name: "cursor", type: "text", doc: "`next` of the page before." },
  { name: "format", type: "text", doc: "`csv` gives the columns as CSV; so does `Accept: text/csv`.", choices: ["json", "csv"] },
];

const RESERVED = new Set([...filterParameters, ...pageParameters].map((parameter) => parameter.name).concat("order", "column", "sum"));

const columnParameter = (column: Column): Parameter => ({
  name: column.name,
  type: "list",
  doc: `${column.doc} Equal to one of the values given${column.format === "address" ? ", or in the network `10.0.0.0/8`" : ""}.`,
});

/** Columns that can stand as a parameter of their own; the others are reached by `q`. */
const columnParameters = ({ columns }: KindResource): readonly Parameter[] =>
  columns.filter((column) => !RESERVED.has(column.name)).map(columnParameter);

export const countParameters = (resource: KindResource): readonly Parameter[] => [...filterParameters, ...columnParameters(resource)];

export const listParameters = (resource: KindResource): readonly Parameter[] => [
  ...pageParameters,
  {
    name: "order",
    type: "text",
    doc: "Column to sort by; `-` in front for descending.",
    default: "-time",
    choices: resource.columns.flatMap(({ name }) => [name, `-${name}`]),
  },
  ...countParameters(resource),
];

export const topParameters = (resource: KindResource): readonly Parameter[] => [
  { name: "column", type: "text", doc: "Column to group by.", required: true, choices: resource.columns.map(({ name }) => name) },
  {
    name: "sum",
    type: "text",
    doc: "Column to sum instead of counting events.",
    choices: resource.columns.filter(({ type }) => type !== "text").map(({ name }) => name),
  },
  { name: "limit", type: "integer", doc: "Groups in the answer.", min: 1, max: LIMIT_MAX, default: 10 },
  ...countParameters(resource),
];

/** The checked question that the parameters ask. Relative times count from `now`, microseconds. */
export function planOf(resource: KindResource, values: ParameterValues, path: string, now: number): Plan {
  const order = values.text("order") ?? "-time";
  const cursor = values.text("cursor");
  return {
    kind: resource.kind.name,
    where: allOf([...conditionsOf(resource, values, path), ...queryOf(resource, values.text("q") ?? "", now)]),
    order: { column: order.replace(/^-/, ""), descending: order.startsWith("-") },
    limit: values.number("limit") ?? LIMIT_MAX,
    ...(cursor !== undefined && { cursor }),
  };
}

/** One condition that is true when all are; `undefined` for none. */
function allOf(parts: readonly Condition[]): Condition | undefined {
  return parts.length > 1 ? { op: "and", parts } : parts[0];
}

function conditionsOf(resource: KindResource, values: ParameterValues, path: string): readonly Condition[] {
  const parts: Condition[] = [];
  const problems: string[] = [];
  const from = values.number("from");
  const to = values.number("to");
  if (from !== undefined) parts.push({ op: ">=", column: "time", value: from });
  if (to !== undefined) parts.push({ op: "<", column: "time", value: to });
  for (const column of resource.columns) {
    const texts = values.list(column.name);
    if (texts.length === 0 || RESERVED.has(column.name)) continue;
    const wanted = texts.map((text) => wantedValue(column, text));
    const bad = texts.find((_, i) => wanted[i] === undefined);
    if (bad !== undefined) problems.push(`${column.name} must be ${valueName(column)}, not ${shown(bad)}`);
    else parts.push(equalsAny(column, wanted as readonly (string | number)[]));
  }
  if (problems.length > 0) throw new OddwireError("ODW_PARAMETER_BAD", { cause: problems.join("; "), path });
  return parts;
}

function queryOf({ kind }: KindResource, text: string, now: number): readonly Condition[] {
  const result = parseQuery(kind, text, { now });
  if (!result.ok) throw new OddwireError("ODW_QUERY_BAD", { cause: `q: ${result.cause}`, column: result.column });
  return result.plan.where === undefined ? [] : [result.plan.where];
}

function equalsAny(column: Column, values: readonly (string | number)[]): Condition {
  const [first] = values as readonly [string | number];
  const network = column.format === "address" && String(first).includes("/");
  return values.length === 1 && !network ? { op: "=", column: column.name, value: first } : { op: "in", column: column.name, values };
}

/** The value that a text stands for in the column; `undefined` when it stands for none. */
function wantedValue(column: Column, text: string): string | number | undefined {
  if (column.format === "address") return parseNetwork(text)?.text;
  if (column.type === "text") return text;
  if (column.format === "time" && !/^-?\d+$/.test(text)) return parseTime(text);
  if (text === "true" || text === "false") return text === "true" ? 1 : 0;
  const number = text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : undefined;
}

function valueName(column: Column): string {
  if (column.format === "address") return "an address or a network";
  return column.format === "time" ? "a time" : "a number";
}
