import { nearestWord } from "#base/nearest-word.ts";
import type { Kind } from "#schema/field.ts";
import type { Condition, Plan } from "#schema/plan.ts";
import { columnsOf } from "./column-value.ts";
import { anyOf, type Comparator, conditionOf, looksLikeAddress } from "./comparison.ts";
import { found } from "./literal.ts";
import { namesOf, type Target, targetOf } from "./names.ts";
import { isKeyword, QueryProblem, type Token, tokenize } from "./token.ts";

/** Characters of a query. */
export const queryCharsMax = 4096;
/** Brackets and `not` inside each other. */
export const queryDepthMax = 32;
/** Comparisons of a query, after shorthands and bare words are written out. */
export const queryTermsMax = 512;
/** Events of a page, unless more are asked for. */
export const pageRowsDefault = 100;

export interface QueryOptions {
  /** Time that `-1h` and `now` count from, microseconds. Without it they are refused. */
  readonly now?: number;
  /** What to sort by; newest first unless told otherwise. */
  readonly order?: { readonly column: string; readonly descending: boolean };
  /** Events of a page, or groups. */
  readonly limit?: number;
  /** Where the previous page ended. */
  readonly cursor?: string;
}

export type QueryResult =
  | { readonly ok: true; readonly plan: Plan }
  /** `column` counts characters from 1. `cause` says what is wrong and what was expected. */
  | { readonly ok: false; readonly column: number; readonly cause: string };

/**
 * Reads a query over events of a kind:
 *
 *     src_ip = 10.0.0.0/8 and (dest_port in 80,443 or app_proto ~ tls) and not proto = UDP and time > -1h
 *
 * Words beside each other mean `and`; a word alone is looked for in all texts. README.md has the language. Never
 * throws.
 */
export function parseQuery(kind: Pick<Kind, "name" | "columns">, text: string, options: QueryOptions = {}): QueryResult {
  try {
    if (text.length > queryCharsMax) throw new QueryProblem(queryCharsMax, `the query is longer than ${queryCharsMax} characters`);
    const where = new QueryParser(kind, tokenize(text), options.now).parse();
    return { ok: true, plan: planOf(kind, where, options) };
  } catch (error) {
    if (!(error instanceof QueryProblem)) throw error;
    return { ok: false, column: error.at + 1, cause: error.message };
  }
}

function planOf(kind: Pick<Kind, "name" | "columns">, where: Condition | undefined, options: QueryOptions): Plan {
  const order = options.order ?? { column: "time", descending: true };
  const column = columnsOf(kind).find(({ name }) => name === order.column);
  if (column === undefined) throw new QueryProblem(0, unknownColumn(kind, order.column));
  return {
    kind: kind.name,
    where,
    order: { column: column.name, descending: order.descending },
    limit: options.limit ?? pageRowsDefault,
    ...(options.cursor === undefined ? {} : { cursor: options.cursor }),
  };
}

function unknownColumn(kind: Pick<Kind, "name" | "columns">, name: string): string {
  const names = namesOf(kind);
  const meant = nearestWord(name, names);
  const hint = meant === undefined ? `; ${kind.name} has ${names.join(", ")}` : `; did you mean ${meant}?`;
  return `unknown column ${JSON.stringify(name.slice(0, 60))}${hint}`;
}

/** Recursive descent: or → and → not → comparison. */
class QueryParser {
  readonly #kind: Pick<Kind, "name" | "columns">;
  readonly #tokens: readonly Token[];
  readonly #now: number | undefined;
  #place = 0;
  #depth = 0;
  #terms = 0;

  constructor(kind: Pick<Kind, "name" | "columns">, tokens: readonly Token[], now: number | undefined) {
    this.#kind = kind;
    this.#tokens = tokens;
    this.#now = now;
  }

  parse(): Condition | undefined {
    if (this.#next().type === "end") return undefined;
    const condition = this.#or();
    const rest = this.#next();
    if (rest.type !== "end") throw new QueryProblem(rest.at, `expected and, or, or the end, found ${found(rest)}`);
    return condition;
  }

  #next(ahead = 0): Token {
    return this.#tokens[Math.min(this.#place + ahead, this.#tokens.length - 1)] as Token;
  }

  #take(): Token {
    const token = this.#next();
    this.#place++;
    return token;
  }

  /** Takes the next token when it is one of the keywords or marks. */
  #accept(...texts: readonly string[]): boolean {
    const token = this.#next();
    const is = token.type !== "quoted" && token.type !== "end" && texts.includes(token.text.toLowerCase());
    if (is) this.#place++;
    return is;
  }

  #or(): Condition {
    const parts = [this.#and()];
    while (this.#accept("or", "||")) parts.push(this.#and());
    return anyOf(parts);
  }

  #and(): Condition {
    const parts = [this.#not()];
    while (this.#accept("and", "&&") || this.#startsTerm()) parts.push(this.#not());
    return parts.length === 1 ? (parts[0] as Condition) : { op: "and", parts };
  }

  #startsTerm(): boolean {
    const token = this.#next();
    if (token.type === "quoted") return true;
    if (token.type === "word") return !["and", "or", "&&", "||", "in"].includes(token.text.toLowerCase());
    return token.text === "(" || token.text === "!";
  }

  #not(): Condition {
    const token = this.#next();
    this.#depth++;
    if (this.#depth > queryDepthMax) throw new QueryProblem(token.at, `more than ${queryDepthMax} brackets inside each other`);
    const condition = this.#accept("not", "!") ? ({ op: "not", part: this.#not() } as const) : this.#primary();
    this.#depth--;
    return condition;
  }

  #primary(): Condition {
    const token = this.#next();
    if (this.#accept("(")) {
      const condition = this.#or();
      const close = this.#take();
      if (close.text !== ")" || close.type !== "mark")
        throw new QueryProblem(close.at, `expected ) for the ( at ${token.at + 1}, found ${found(close)}`);
      return condition;
    }
    if (this.#accept("exists")) return this.#exists();
    const isWord = token.type === "word" && !isKeyword(token.text);
    if (!isWord && token.type !== "quoted") throw new QueryProblem(token.at, `expected a column, a word or (, found ${found(token)}`);
    this.#place++;
    const operator = this.#operator();
    if (operator === undefined) return this.#word(token);
    if (!isWord) throw new QueryProblem(token.at, `expected a column in front of ${operator.text}, found a text in quotes`);
    return this.#comparison(this.#target(token), operator);
  }

  /** The operator behind a name; `undefined` when there is none. */
  #operator(): { readonly text: Comparator; readonly negated: boolean; readonly at: number } | undefined {
    const token = this.#next();
    const { at } = token;
    if (token.type === "operator" && token.text !== "!") {
      this.#place++;
      return { text: token.text, negated: false, at };
    }
    if (this.#accept("in")) return { text: "in", negated: false, at };
    const behind = this.#next(1);
    if (behind.type !== "word" || behind.text.toLowerCase() !== "in" || !this.#accept("not")) return undefined;
    this.#place++;
    return { text: "in", negated: true, at };
  }

  #comparison(target: Target, operator: { readonly text: Comparator; readonly negated: boolean; readonly at: number }): Condition {
    const values = operator.text === "in" ? this.#list() : [this.#value(operator.text)];
    const condition = conditionOf({ target, operator: operator.text, at: operator.at, values, now: this.#now });
    this.#count(target.columns.length * values.length, operator.at);
    return operator.negated ? { op: "not", part: condition } : condition;
  }

  #list(): readonly Token[] {
    const bracket = this.#accept("(");
    const values = [this.#value("in")];
    while (this.#accept(",")) values.push(this.#value(","));
    if (bracket && !this.#accept(")")) throw new QueryProblem(this.#next().at, `expected , or ) in the list, found ${found(this.#next())}`);
    return values;
  }

  #value(behind: string): Token {
    const token = this.#take();
    if (token.type === "quoted" || (token.type === "word" && !isKeyword(token.text))) return token;
    throw new QueryProblem(token.at, `expected a value behind ${behind}, found ${found(token)}`);
  }

  #exists(): Condition {
    const token = this.#take();
    if (token.type !== "word") throw new QueryProblem(token.at, `expected a column behind exists, found ${found(token)}`);
    const { columns } = this.#target(token);
    this.#count(columns.length, token.at);
    return anyOf(columns.map((column) => ({ op: "exists", column: column.name })));
  }

  #target(token: Token): Target {
    const target = targetOf(this.#kind, token.text);
    if (target === undefined) throw new QueryProblem(token.at, unknownColumn(this.#kind, token.text));
    return target;
  }

  /** A word alone: looked for in all texts, and in the addresses when it could be a part of one. */
  #word(token: Token): Condition {
    const columns = columnsOf(this.#kind).filter((column) =>
      column.format === "address" ? looksLikeAddress(token.text) : column.type === "text",
    );
    this.#count(columns.length, token.at);
    return anyOf(columns.map((column) => ({ op: "~", column: column.name, value: token.text })));
  }

  #count(terms: number, at: number): void {
    this.#terms += terms;
    if (this.#terms > queryTermsMax) throw new QueryProblem(at, `more than ${queryTermsMax} comparisons`);
  }
}
