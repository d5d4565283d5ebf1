/**
 * A keyword as its list gives it, one a line:
 *
 *     KIND PATTERN [name=value]…        # comment
 *     off SID                           # turns a keyword of an earlier list off
 *
 *     word "passthru" context=http-uri,http-body direction=to_server severity=high note="PHP runs a command"
 *     phrase "id_rsa file" case=yes
 *     command "wget" context=http-uri,shell arguments=/https?:|-q/
 *     regex /union\s+(?:all\s+)?select/i context=http-uri port=80,8000-8100
 *     hex "7f 45 4c 46 02" context=http-body
 *
 * `parse.ts` reads it, `pattern.ts` says what each kind matches, `compile.ts` makes signatures of it.
 */
export const keywordKinds = ["word", "phrase", "command", "regex", "hex"] as const;
export type KeywordKind = (typeof keywordKinds)[number];

export type KeywordDirection = "to_server" | "to_client" | "both";
export const keywordDirections: readonly KeywordDirection[] = ["to_server", "to_client", "both"];

/** Words of severity and their numbers in an alert: 1 is the worst. */
export const keywordSeverities = { critical: 1, high: 1, medium: 2, low: 3, info: 4 } as const;
export type KeywordSeverity = keyof typeof keywordSeverities;

/** Where a keyword stands, for messages. */
export interface KeywordPlace {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

export interface Keyword {
  readonly place: KeywordPlace;
  readonly kind: KeywordKind;
  /** Text of a word, phrase or command; source of a regular expression; digits of bytes, without spaces. */
  readonly pattern: string;
  /** `s` and `m` of a regular expression; its `i` is `isCaseSensitive`. */
  readonly flags: string;
  /** Commands: what must follow, source of a regular expression; empty for anything. */
  readonly suffix: string;
  /** Names of `contexts.ts`; empty for everywhere. */
  readonly contexts: readonly string[];
  readonly isCaseSensitive: boolean;
  readonly direction: KeywordDirection;
  /** Ports of the server, each from and to; empty for all. */
  readonly ports: readonly (readonly [number, number])[];
  readonly severity: KeywordSeverity;
  readonly note: string;
  readonly isOn: boolean;
  /** Its number, from everything that decides what it matches: stays the same while the line does. */
  readonly sid: number;
  /** The line in its plain form: what `list` shows and `add` writes. */
  readonly text: string;
}

/** A line that is not understood, or does nothing. */
export interface KeywordTrouble {
  readonly place: KeywordPlace;
  /** From 1. */
  readonly column: number;
  readonly cause: string;
  readonly mend: string;
}

export interface KeywordList {
  readonly name: string;
  readonly text: string;
}
