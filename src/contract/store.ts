import type { Plan } from "#schema/plan.ts";
import type { OddwireEvent } from "./event.ts";

export type { Condition, Plan } from "#schema/plan.ts";

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
