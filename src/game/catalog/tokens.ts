import { Refusal } from "./problem.ts";
import type { Comment, SourceFile } from "./source-file.ts";

export type TokenKind = "identifier" | "number" | "string" | "character" | "punctuator" | "other";

/** A preprocessing token (ISO C 6.4). `offset` is where it stands in the file; a macro's tokens stand where the macro was used. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly source: SourceFile;
  readonly offset: number;
  /** First of its line. */
  readonly lineStart: boolean;
  /** White space stands before it. */
  readonly spaced: boolean;
  /** A macro's name that is not expanded again (6.10.3.4). */
  readonly painted?: boolean;
}

/** Names of the groups below, in their order. */
const kinds = ["newline", "blank", "comment", "identifier", "number", "string", "character", "punctuator", "other"] as const;
const pattern =
  /(\n)|([ \t\r\v\f]+)|(\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|((?:[A-Za-z_$\u0080-\uffff])[\w$\u0080-\uffff]*)|(\.?\d(?:[eEpP][+-]|[\w.']|\.)*)|((?:u8|u|U|L)?"(?:\\.|[^"\\\n])*"?)|('(?:\\.|[^'\\\n])*'?)|(\.\.\.|<<=|>>=|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|##|::|[[\](){}.&*+\-~!/%<>^|?:;=,#])|([\s\S])/g;

/**
 * Cuts a header into tokens and puts its comments aside. Lines that end in `\` are joined first. Bytes that belong to no
 * token become tokens of their own, so that nothing is lost and nothing throws but the limit.
 */
export function tokenise(source: SourceFile, tokensMax: number): Token[] {
  const { text, original } = joined(source.text);
  const tokens: Token[] = [];
  const comments: Comment[] = [];
  let lineStart = true;
  let spaced = false;
  for (const match of text.matchAll(pattern)) {
    const group = match.findIndex((part, index) => index > 0 && part !== undefined) - 1;
    const kind = kinds[group] as (typeof kinds)[number];
    const at = match.index;
    const found = match[0];
    if (kind === "newline") lineStart = true;
    if (kind === "comment") comments.push(comment(found, original(at), original(at + found.length), lineStart));
    if (kind === "newline" || kind === "blank" || kind === "comment") {
      spaced = true;
      continue;
    }
    if (tokens.length >= tokensMax)
      throw new Refusal(`more than ${tokensMax} tokens`, "split the header", { source, offset: original(at) });
    tokens.push({ kind, text: found, source, offset: original(at), lineStart, spaced });
    lineStart = false;
    spaced = false;
  }
  source.comments = comments;
  return tokens;
}

function comment(found: string, from: number, to: number, ownLine: boolean): Comment {
  const inner = found.startsWith("//") ? found.replace(/^\/\/[/!]?<?/, "") : found.replace(/^\/\*[*!]*<?/, "").replace(/\*+\/$/, "");
  const text = inner
    .split("\n")
    .map((line) => line.replace(/^\s*\*?\s?/, "").trim())
    .filter((line) => line !== "")
    .join(" ");
  return { from, to, text, ownLine };
}

/** The text without joined line ends, and where its characters stood. */
function joined(text: string): { readonly text: string; readonly original: (at: number) => number } {
  if (!/\\\r?\n/.test(text)) return { text, original: (at) => at };
  const cuts: { readonly at: number; readonly removed: number }[] = [];
  let removed = 0;
  const short = text.replace(/\\\r?\n/g, (found, at: number) => {
    cuts.push({ at: at - removed, removed: removed + found.length });
    removed += found.length;
    return "";
  });
  const original = (at: number): number => {
    let low = -1;
    let high = cuts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((cuts[middle] as { at: number }).at <= at) low = middle;
      else high = middle - 1;
    }
    return at + (low < 0 ? 0 : (cuts[low] as { removed: number }).removed);
  };
  return { text: short, original };
}

/** Tokens as they would be written, for messages. */
export const tokensText = (tokens: readonly Token[]): string =>
  tokens.map(({ text, spaced }, index) => (spaced && index > 0 ? ` ${text}` : text)).join("");
