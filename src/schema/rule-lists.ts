/** Rules, keywords and indicators as the API tells them. */

/** A line that was refused, and how to mend it. */
export interface RuleTrouble {
  readonly list: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly cause: string;
  readonly mend: string;
}

/** What one kind of rules came to: `signature`, `keyword`, `indicator`. */
export interface LoadedKind {
  readonly kind: string;
  readonly loaded: number;
  readonly rejected: number;
  readonly bytes: number;
}

export interface RuleState {
  /** Counts reloads that were used; 0 before the first. */
  readonly generation: number;
  /** When the rules in use were loaded, µs since 1970. */
  readonly loaded_at: number;
  readonly kinds: readonly LoadedKind[];
  /** The first troubles. */
  readonly troubles: readonly RuleTrouble[];
  /** Lists that differ from those before. */
  readonly changed: readonly string[];
  /** Why the last reload was refused; the rules before it are in use. */
  readonly error?: string;
}

/** A list of keywords or indicators. */
export interface ListRow {
  readonly name: string;
  readonly origin: "default" | "configured" | "folder";
  readonly on: boolean;
  /** Entries that it holds. */
  readonly entries: number;
  readonly rejected: number;
}

export interface KeywordRow {
  readonly sid: number;
  readonly list: string;
  readonly line: number;
  readonly kind: string;
  readonly pattern: string;
  readonly contexts: readonly string[];
  readonly direction: string;
  readonly ports: string;
  readonly case_sensitive: boolean;
  readonly severity: string;
  readonly note: string;
  readonly on: boolean;
  /** The line in its plain form. */
  readonly text: string;
  /** True when it stands in the own list, and can be removed. */
  readonly own: boolean;
}

export interface KeywordLists {
  readonly lists: readonly ListRow[];
  readonly keywords: readonly KeywordRow[];
  readonly troubles: readonly RuleTrouble[];
}

export interface IndicatorLists {
  readonly lists: readonly ListRow[];
  /** Indicators by type. */
  readonly types: Readonly<Record<string, number>>;
  readonly allowed: number;
  readonly troubles: readonly RuleTrouble[];
  /** Entries of the own list, the newest first; at most a thousand. */
  readonly own: readonly IndicatorRow[];
}

export interface IndicatorRow {
  readonly type: string;
  readonly value: string;
  readonly allow: boolean;
  readonly severity: string;
  readonly source: string;
  readonly expires: string;
  readonly note: string;
}

/** A keyword that a text holds. */
export interface KeywordHit {
  readonly sid: number;
  readonly text: string;
  /** Bytes from the text's beginning. */
  readonly offset: number;
  readonly matched: string;
}

/** What lists say about a value. */
export interface IndicatorAnswer {
  readonly listed?: IndicatorRow;
  readonly list?: string;
  readonly allowed: boolean;
}

export interface NewIndicator {
  readonly value: string;
  readonly type?: string;
  readonly source?: string;
  readonly expires?: string;
  readonly note?: string;
  readonly severity?: string;
  readonly allow?: boolean;
}
