import type { Kind } from "#schema/field.ts";
import type { Condition } from "#schema/plan.ts";
import { columnsOf } from "./column-value.ts";
import { timeText } from "./literal.ts";
import { quoteIfNeeded } from "./token.ts";

/** The condition as a query that means the same: `parseQuery` gives the same condition back. */
export function printCondition(kind: Pick<Kind, "columns">, condition: Condition | undefined): string {
  const times = new Set(
    columnsOf(kind)
      .filter((column) => column.format === "time")
      .map((column) => column.name),
  );
  return condition === undefined ? "" : print(condition, times);
}

function print(condition: Condition, times: ReadonlySet<string>): string {
  switch (condition.op) {
    case "and":
    case "or":
      return condition.parts.map((part) => (isSimple(part) ? print(part, times) : `(${print(part, times)})`)).join(` ${condition.op} `);
    case "not":
      return isSimple(condition.part) ? `not ${print(condition.part, times)}` : `not (${print(condition.part, times)})`;
    case "exists":
      return `exists ${condition.column}`;
    case "in":
      return `${condition.column} in (${condition.values.map((value) => printValue(value, times.has(condition.column))).join(", ")})`;
    default:
      return `${condition.column} ${condition.op} ${printValue(condition.value, times.has(condition.column))}`;
  }
}

const isSimple = (condition: Condition): boolean => condition.op !== "and" && condition.op !== "or";

const printValue = (value: string | number, isTime: boolean): string =>
  typeof value === "string" ? quoteIfNeeded(value) : isTime ? timeText(value) : String(value);
