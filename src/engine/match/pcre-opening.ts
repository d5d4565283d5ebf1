import type { PatternReader } from "./pcre-reader.ts";

export interface PatternFlags {
  readonly nocase: boolean;
  /** `m`: ^ and $ at lines. */
  readonly lines: boolean;
  /** `s`: the dot takes newlines. */
  readonly dotAll: boolean;
  /** `x`: white space and comments between. */
  readonly extended: boolean;
  readonly ungreedy: boolean;
}

type Opening =
  | { readonly kind: "capture"; readonly name: string | undefined }
  | { readonly kind: "plain"; readonly flags: PatternFlags }
  | { readonly kind: "atomic" }
  | { readonly kind: "look"; readonly ahead: boolean; readonly negative: boolean }
  /** `(?i)`: no group at all. */
  | { readonly kind: "flags"; readonly flags: PatternFlags }
  /** `(?P=name)` */
  | { readonly kind: "reference"; readonly name: string };

/** What PCRE knows and this does not, by what follows the parenthesis. */
const refused: readonly (readonly [RegExp, string])[] = [
  [/\*/y, "verbs (*…) are not supported"],
  [/\?\(/y, "conditions (?(…)…) are not supported"],
  [/\?\|/y, "groups that number anew (?|…) are not supported"],
  [/\?(?:R|[+-]?\d|&|P>)/y, "calls of a group, and recursion, are not supported"],
  [/\?C/y, "callouts (?C…) are not supported"],
  [/\?\^/y, "(?^…) is not supported"],
];

/** What an opening parenthesis begins; reads up to the group's content, or past the closing parenthesis where there is none. */
export function groupOpening(reader: PatternReader, flags: PatternFlags, at: number): Opening {
  for (const [expression, cause] of refused) if (reader.match(expression)) reader.refuse(cause, "write the pattern without it", at);
  if (reader.peek() !== "?") return { kind: "capture", name: undefined };
  if (reader.take("?:")) return { kind: "plain", flags };
  if (reader.take("?>")) return { kind: "atomic" };
  const look = reader.match(/\?(<?)([=!])/y);
  if (look !== undefined) return { kind: "look", ahead: look[1] === "", negative: look[2] === "!" };
  const reference = reader.match(/\?P=(\w+)\)/y);
  if (reference !== undefined) return { kind: "reference", name: reference[1] as string };
  const named = reader.match(/\?(?:P?<([A-Za-z_]\w*)>|'([A-Za-z_]\w*)')/y);
  if (named !== undefined) return { kind: "capture", name: named[1] ?? named[2] };
  const change = reader.match(/\?([imsxU]*)(?:-([imsxU]*))?([:)])/y);
  if (change === undefined)
    reader.refuse("a group that begins in an unknown way", "known are (?:…) (?i) (?=…) (?<=…) (?>…) (?P<name>…)", at);
  const changed = withFlags(flags, change[1] ?? "", change[2] ?? "");
  return change[3] === ":" ? { kind: "plain", flags: changed } : { kind: "flags", flags: changed };
}

function withFlags(flags: PatternFlags, on: string, off: string): PatternFlags {
  const set = (letter: string, before: boolean): boolean => (before || on.includes(letter)) && !off.includes(letter);
  return {
    nocase: set("i", flags.nocase),
    lines: set("m", flags.lines),
    dotAll: set("s", flags.dotAll),
    extended: set("x", flags.extended),
    ungreedy: set("U", flags.ungreedy),
  };
}
