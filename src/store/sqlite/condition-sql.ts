import { OddwireError } from "#contract/errors.ts";
import type { Condition } from "#contract/store.ts";
import { addressKey, parseNetwork } from "#query/address.ts";
import { foldCase } from "#query/column-value.ts";
import type { Column } from "#schema/field.ts";
import { addressTextSql, quoted } from "#store/ddl.ts";

/** A piece of SQL with the values of its question marks. */
export interface Sql {
  readonly text: string;
  readonly values: readonly (string | number)[];
}

/** The columns that may be asked for, and those that the table has (an older store lacks the newest). */
export interface TableColumns {
  readonly known: ReadonlyMap<string, Column>;
  readonly present: ReadonlyMap<string, string>;
}

const NEVER: Sql = { text: "0", values: [] };
const ALWAYS: Sql = { text: "1", values: [] };

/** The condition as SQL that is true for the rows that meet it, and false or NULL for the others. */
export function conditionSql(condition: Condition, columns: TableColumns): Sql {
  switch (condition.op) {
    case "and":
    case "or":
      return joined(
        condition.parts.map((part) => conditionSql(part, columns)),
        condition.op,
      );
    case "not": {
      const part = conditionSql(condition.part, columns);
      return { text: `(${part.text}) IS NOT TRUE`, values: part.values };
    }
    default:
      return comparison(condition, columns);
  }
}

/** The column, checked: plans may come from elsewhere than from the query language. */
export function knownColumn(name: string, columns: TableColumns): Column {
  const column = columns.known.get(name);
  if (column === undefined) throw new OddwireError("ODW_QUERY_BAD", { cause: `unknown column ${JSON.stringify(name)}`, column: 1 });
  return column;
}

type Comparison = Exclude<Condition, { readonly op: "and" | "or" | "not" }>;

function comparison(condition: Comparison, columns: TableColumns): Sql {
  const column = knownColumn(condition.column, columns);
  if (!columns.present.has(column.name)) return condition.op === "!=" ? ALWAYS : NEVER;
  const name = quoted(column.name);
  switch (condition.op) {
    case "exists":
      return { text: `${name} IS NOT NULL`, values: [] };
    case "~":
      return { text: `instr(lower(${asText(column, name)}), ?) > 0`, values: [foldCase(condition.value)] };
    case "in":
      return column.format === "address" ? inNetworks(name, condition.values) : inList(name, condition.values);
    case "!=":
      return { text: `${name} IS NOT ?`, values: [stored(column, condition.value)] };
    default:
      return { text: `${name} ${condition.op} ?`, values: [stored(column, condition.value)] };
  }
}

const asText = (column: Column, name: string): string =>
  column.format === "address" ? addressTextSql(name) : column.type === "text" ? name : `CAST(${name} AS TEXT)`;

const stored = (column: Column, value: string | number): string | number =>
  column.format === "address" && typeof value === "string" ? (addressKey(value) ?? value) : value;

const inList = (name: string, values: readonly (string | number)[]): Sql =>
  values.length === 0 ? NEVER : { text: `${name} IN (${values.map(() => "?").join(", ")})`, values };

function inNetworks(name: string, values: readonly (string | number)[]): Sql {
  const parts = values.map((value): Sql => {
    const network = parseNetwork(String(value));
    if (network === undefined) return { text: `${name} = ?`, values: [value] };
    if (network.low === network.high) return { text: `${name} = ?`, values: [network.low] };
    return { text: `${name} BETWEEN ? AND ?`, values: [network.low, network.high] };
  });
  return parts.length === 0 ? NEVER : joined(parts, "or");
}

function joined(parts: readonly Sql[], operator: "and" | "or"): Sql {
  if (parts.length === 0) return operator === "and" ? ALWAYS : NEVER;
  return { text: parts.map(({ text }) => `(${text})`).join(` ${operator.toUpperCase()} `), values: parts.flatMap(({ values }) => values) };
}
