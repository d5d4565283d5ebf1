/** What a query is made of. `at` is the offset of its first character. */
export type Token =
  | { readonly type: "mark"; readonly text: "(" | ")" | ","; readonly at: number }
  | { readonly type: "operator"; readonly text: Operator; readonly at: number }
  /** A name, a number, an address, a time … anything without blanks. */
  | { readonly type: "word"; readonly text: string; readonly at: number }
  | { readonly type: "quoted"; readonly text: string; readonly at: number }
  | { readonly type: "end"; readonly text: ""; readonly at: number };

export type Operator = "=" | "!=" | "<" | "<=" | ">" | ">=" | "~" | "!~" | "!";

/** Something wrong with a query; only ever thrown and caught inside this room. */
export class QueryProblem extends Error {
  readonly at: number;

  constructor(at: number, cause: string) {
    super(cause);
    this.at = at;
  }
}

const TOKEN = /\s*(?:([(),])|(==|!=|<>|<=|>=|!~|[=<>~!])|"((?:[^"\\]|\\[\s\S])*)"|'((?:[^'\\]|\\[\s\S])*)'|([^\s(),"'=<>~!]+))/y;

/** The words of a query; the last token is always `end`. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    const start = at + blanks(text, at);
    if (match === null) {
      if (start === text.length) break;
      throw new QueryProblem(start, `the quote ${text[start]} has no end`);
    }
    tokens.push(tokenOf(match, start));
    at = TOKEN.lastIndex;
  }
  return [...tokens, { type: "end", text: "", at: text.length }];
}

function tokenOf(match: RegExpExecArray, at: number): Token {
  const [, mark, operator, double, single, word] = match;
  if (mark !== undefined) return { type: "mark", text: mark as "(", at };
  if (operator !== undefined) return { type: "operator", text: SPELLINGS[operator] ?? (operator as Operator), at };
  if (word !== undefined) return { type: "word", text: word, at };
  return { type: "quoted", text: (double ?? single ?? "").replace(/\\([\s\S])/g, "$1"), at };
}

const SPELLINGS: { readonly [spelling: string]: Operator } = { "==": "=", "<>": "!=" };

function blanks(text: string, at: number): number {
  return text.length - at - text.slice(at).trimStart().length;
}

/** The text as a word when it can stand as one, in quotes otherwise. */
export function quoteIfNeeded(text: string): string {
  if (/^[\w.:/*+-]+$/.test(text) && !isKeyword(text)) return text;
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

const KEYWORDS: ReadonlySet<string> = new Set(["and", "or", "not", "in", "exists", "&&", "||"]);
export const isKeyword = (text: string): boolean => KEYWORDS.has(text.toLowerCase());
