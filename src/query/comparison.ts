import type { Column } from "#schema/field.ts";
import type { Condition } from "#schema/plan.ts";
import { parseNetwork } from "./address.ts";
import { found, numberOf, timeOf } from "./literal.ts";
import type { Target } from "./names.ts";
import { type Operator, QueryProblem, type Token } from "./token.ts";

export type Comparator = Exclude<Operator, "!"> | "in";

/** One comparison as it is written: name, operator, value or values. */
export interface Comparison {
  readonly target: Target;
  /** Without the negation of `!=`, `!~`, `not in`. */
  readonly operator: Comparator;
  /** Where the operator stands. */
  readonly at: number;
  readonly values: readonly Token[];
  readonly now: number | undefined;
}

/** The condition of a comparison; shorthands become alternatives. */
export function conditionOf(comparison: Comparison): Condition {
  const { target, operator } = comparison;
  const [only, second] = target.columns;
  if (only !== undefined && second === undefined) return columnCondition(only, comparison);
  if (operator === "!=" || operator === "!~")
    return { op: "not", part: conditionOf({ ...comparison, operator: operator === "!=" ? "=" : "~" }) };
  if (target.mixed) return hostCondition(comparison);
  return anyOf(target.columns.map((column) => columnCondition(column, comparison)));
}

/** One of the parts; there must be one. */
export const anyOf = (parts: readonly Condition[]): Condition => (parts.length === 1 ? (parts[0] as Condition) : { op: "or", parts });

/** Addresses are looked for on both sides, names in the columns that hold names. */
function hostCondition(comparison: Comparison): Condition {
  const { target, operator, values, at } = comparison;
  if (operator !== "=" && operator !== "in" && operator !== "~") throw new QueryProblem(at, `expected =, ~ or in behind ${target.name}`);
  const addresses = values.filter((token) => parseNetwork(token.text) !== undefined || (operator === "~" && looksLikeAddress(token.text)));
  const names = values.filter((token) => parseNetwork(token.text) === undefined);
  const parts = target.columns.flatMap((column) => {
    const own = column.format === "address" ? addresses : names;
    return own.length === 0 ? [] : [columnCondition(column, { ...comparison, values: own })];
  });
  if (names.length > 0 && !target.columns.some((column) => column.format !== "address") && addresses.length < values.length)
    throw new QueryProblem(
      (names[0] as Token).at,
      `these events have no host names; expected an address, found ${found(names[0] as Token)}`,
    );
  return anyOf(parts);
}

/** True when the text could be a part of an address. */
export const looksLikeAddress = (text: string): boolean => /^[0-9a-f.:]+$/i.test(text) && /[0-9]/.test(text);

function columnCondition(column: Column, comparison: Comparison): Condition {
  if (column.format === "address") return addressCondition(column, comparison);
  const { operator, at, now } = comparison;
  const numeric = column.type !== "text";
  const [value] = comparison.values as [Token];
  if (operator === "~" || operator === "!~") {
    if (numeric)
      throw new QueryProblem(
        at,
        `${column.name} holds ${column.format === "time" ? "times" : "numbers"}; expected =, !=, <, <=, >, >= or in`,
      );
    return negated(operator === "!~", { op: "~", column: column.name, value: value.text });
  }
  const read = (token: Token): string | number =>
    column.format === "time" ? timeOf(column, token, now) : numeric ? numberOf(column, token) : token.text;
  if (operator === "in") return { op: "in", column: column.name, values: comparison.values.map(read) };
  return { op: operator, column: column.name, value: read(value) };
}

function addressCondition(column: Column, { operator, at, values }: Comparison): Condition {
  const [value] = values as [Token];
  if (operator === "~" || operator === "!~") return negated(operator === "!~", { op: "~", column: column.name, value: value.text });
  if (operator !== "=" && operator !== "!=" && operator !== "in")
    throw new QueryProblem(at, `${column.name} holds addresses; expected =, !=, ~ or in with networks (10.0.0.0/8)`);
  const networks = values.map((token) => {
    const network = parseNetwork(token.text);
    if (network === undefined)
      throw new QueryProblem(token.at, `expected an address or a network for ${column.name}, found ${found(token)}`);
    return network.text;
  });
  const [first] = networks as [string];
  if (operator === "in" || first.includes("/")) return negated(operator === "!=", { op: "in", column: column.name, values: networks });
  return { op: operator, column: column.name, value: first };
}

const negated = (negate: boolean, part: Condition): Condition => (negate ? { op: "not", part } : part);
