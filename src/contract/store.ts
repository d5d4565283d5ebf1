import type { OddwireEvent } from "./event.ts";

/** What a condition compares, after the query language was checked against the schema. */
export type Condition =
  | { readonly op: "and" | "or"; readonly parts: readonly Condition[] }
  | { readonly op: "not"; readonly part: Condition }
  | { readonly op: "=" | "!=" | "<" | "<=" | ">" | ">="; readonly column: string; readonly value: string | number }
  /** Substring, case-insensitive. */
  | { readonly op: "~"; readonly column: string; readonly value: string }
  /** Address in a network: `src_ip in 10.0.0.0/8`, or value in a list. */
  | { readonly op: "in"; readonly column: string; readonly values: readonly (string | number)[] }
  | { readonly op: "exists"; readonly column: string };

/** A checked question to a store: every column is known to exist in the kind's table. */
export interface Plan {
  readonly kind: string;
  readonly where: Condition | undefined;
  readonly order: { readonly column: string; readonly descending: boolean };
  readonly limit: number;
  /** Opaque place where the previous page ended. */
  readonly cursor?: string;
}

export interface Page {
  readonly events: readonly OddwireEvent[];
  /** Give it back as `cursor` for the next page; absent at the end. */
  readonly next?: string;
}

/** A counted group: `rrname` → 17. */
export interface GroupRow {
  readonly value: string | number | undefined;
  readonly count: number;
  /** Sum of the `sum` column when one was asked for. */
  readonly sum?: number;
}

/** The reading side of a store. Writing goes through `Sink`. */
export interface Store {
  query(plan: Plan): Promise<Page>;
  count(plan: Plan): Promise<number>;
  /** The largest groups of `column`, by count, or by the sum of column `sum`. */
  top(plan: Plan, column: string, sum?: string): Promise<readonly GroupRow[]>;
  /** Size, rows per kind, first and last time. */
  describe(): Promise<{
    readonly bytes: number;
    readonly rows: { readonly [kind: string]: number };
    readonly from?: number;
    readonly to?: number;
  }>;
  [Symbol.asyncDispose](): Promise<void>;
}
