import type { Column, Kind } from "#schema/field.ts";
import type { Condition, Plan } from "#schema/plan.ts";
import { addressKey, addressText, inNetwork, parseNetwork } from "./address.ts";
import { type ColumnValue, columnsOf, columnValue, foldCase } from "./column-value.ts";

type Members = { readonly [member: string]: unknown };
type Test = (event: Members) => boolean;

/**
 * The plan's condition as a function over single events, for live streams. It says the same as a store that has the
 * events: absent members make `!=` true and every other comparison false, texts compare without regard to case.
 */
export function matcher(kind: Pick<Kind, "name" | "columns">, plan: Pick<Plan, "where">): Test {
  const columns = new Map(columnsOf(kind).map((column) => [column.name, column]));
  const test = plan.where === undefined ? (): boolean => true : testOf(plan.where, columns);
  return (event) => event["event_type"] === kind.name && test(event);
}

/** The same for a single event. Whoever has many makes a matcher. */
export const matches = (kind: Pick<Kind, "name" | "columns">, plan: Pick<Plan, "where">, event: Members): boolean =>
  matcher(kind, plan)(event);

function testOf(condition: Condition, columns: ReadonlyMap<string, Column>): Test {
  switch (condition.op) {
    case "and": {
      const tests = condition.parts.map((part) => testOf(part, columns));
      return (event) => tests.every((test) => test(event));
    }
    case "or": {
      const tests = condition.parts.map((part) => testOf(part, columns));
      return (event) => tests.some((test) => test(event));
    }
    case "not": {
      const test = testOf(condition.part, columns);
      return (event) => !test(event);
    }
    default: {
      const column = columns.get(condition.column);
      if (column === undefined) return () => condition.op === "!=";
      const holds = comparisonOf(condition, column);
      return (event) => holds(columnValue(column, event));
    }
  }
}

type Comparison = Exclude<Condition, { readonly op: "and" | "or" | "not" }>;

function comparisonOf(condition: Comparison, column: Column): (value: ColumnValue) => boolean {
  switch (condition.op) {
    case "exists":
      return (value) => value !== undefined;
    case "~": {
      const part = foldCase(condition.value);
      const text = column.format === "address" ? addressText : String;
      return (value) => value !== undefined && foldCase(text(value)).includes(part);
    }
    case "in": {
      const tests = condition.values.map((value) => (column.format === "address" ? networkTest(String(value)) : equals(column, value)));
      return (value) => value !== undefined && tests.some((test) => test(value));
    }
    case "=":
      return equals(column, condition.value);
    case "!=": {
      const equal = equals(column, condition.value);
      return (value) => !equal(value);
    }
    default:
      return ordered(condition.op, column, condition.value);
  }
}

function networkTest(text: string): (value: ColumnValue) => boolean {
  const network = parseNetwork(text);
  return (value) => value !== undefined && (network === undefined ? value === text : inNetwork(value, network));
}

function equals(column: Column, wanted: string | number): (value: ColumnValue) => boolean {
  const own = comparable(column, wanted);
  return (value) => value !== undefined && comparable(column, value) === own;
}

function ordered(op: "<" | "<=" | ">" | ">=", column: Column, wanted: string | number): (value: ColumnValue) => boolean {
  const own = comparable(column, wanted);
  return (value) => {
    if (value === undefined) return false;
    const other = comparable(column, value);
    if (typeof other !== typeof own) return typeof other === "number" ? op.startsWith("<") : op.startsWith(">");
    if (op === "<") return other < own;
    if (op === "<=") return other <= own;
    return op === ">" ? other > own : other >= own;
  };
}

/** What is compared: keys of addresses, texts in lower case, numbers as they are. */
function comparable(column: Column, value: string | number): string | number {
  if (column.format === "address") return typeof value === "string" ? (addressKey(value) ?? value) : value;
  return column.type === "text" ? foldCase(String(value)) : value;
}
