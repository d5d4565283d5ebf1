/**
 * What a condition compares, after the query language was checked against the schema. Every condition is either true
 * or false: a member that is absent makes `!=` true and every other comparison false.
 */
export type Condition =
  | { readonly op: "and" | "or"; readonly parts: readonly Condition[] }
  | { readonly op: "not"; readonly part: Condition }
  | { readonly op: "=" | "!=" | "<" | "<=" | ">" | ">="; readonly column: string; readonly value: string | number }
  /** Substring, case-insensitive. */
  | { readonly op: "~"; readonly column: string; readonly value: string }
  /** Value in a list; for address columns also in a network: `10.0.0.0/8`. */
  | { readonly op: "in"; readonly column: string; readonly values: readonly (string | number)[] }
  | { readonly op: "exists"; readonly column: string };

/** A checked question to a store: every column is known to exist in the kind's table. */
export interface Plan {
  readonly kind: string;
  readonly where: Condition | undefined;
  readonly order: { readonly column: string; readonly descending: boolean };
  readonly limit: number;
  /** Only the newest event of each value of this column is looked at; the conditions are asked of these. */
  readonly newestOf?: string;
  /** Opaque place where the previous page ended. */
  readonly cursor?: string;
}
