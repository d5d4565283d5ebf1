import type { Comment, SourceFile } from "./source-file.ts";
import { type Token, tokenise } from "./tokens.ts";

/** What a comment beside a declaration says: words behind `@`, and the rest as text for people. */
export interface Annotation {
  readonly doc: string;
  readonly unit?: string;
  readonly kind?: string;
  /** Expression over the fields before: how many elements count. */
  readonly count?: readonly Token[];
  /** Name of the enum whose names stand for the values. */
  readonly enum?: string;
  readonly bigEndian?: boolean;
  /** Numbers of the opcodes that a struct is the body of, or true on an enum whose constants are opcodes. */
  readonly opcodes?: readonly string[] | true;
  readonly direction?: "to_server" | "to_client";
  readonly game?: string;
  /** Words behind `@` that are nearly one of these. */
  readonly misspelt: readonly string[];
}

export const noAnnotation: Annotation = { doc: "", misspelt: [] };

const words = ["unit", "kind", "count", "enum", "endian", "opcode", "opcodes", "direction", "game"] as const;
/** A word and its value: one word, or an expression in brackets. */
const pattern = /(^|\s)@(\w+)(?:[ \t]+(\((?:[^()]|\([^()]*\))*\)|[^\s@]\S*))?/g;

/** Reads what comments say. */
export function annotationOf(comments: readonly Comment[], source: SourceFile): Annotation {
  if (comments.length === 0) return noAnnotation;
  const text = comments.map((comment) => comment.text).join(" ");
  if (!text.includes("@")) return { doc: text.trim(), misspelt: [] };
  const found: { -readonly [key in keyof Annotation]: Annotation[key] } = { doc: "", misspelt: [] };
  const misspelt: string[] = [];
  const opcodes: string[] = [];
  const doc = text.replace(pattern, (whole, before: string, word: string, value: string | undefined) => {
    if (!words.includes(word as (typeof words)[number])) {
      if (words.some((known) => isNear(word, known))) misspelt.push(word);
      return whole;
    }
    if (word === "opcodes") {
      found.opcodes = true;
      return value === undefined ? before : `${before}${value}`;
    }
    if (value === undefined) return before;
    if (word === "opcode") opcodes.push(...value.split(",").filter((part) => part !== ""));
    else take(found, word, value, comments[0] as Comment, source);
    return before;
  });
  if (opcodes.length > 0) found.opcodes = opcodes;
  return { ...found, doc: doc.replace(/\s+/g, " ").trim(), misspelt };
}

function take(
  found: { -readonly [key in keyof Annotation]: Annotation[key] },
  word: string,
  value: string,
  place: Comment,
  source: SourceFile,
): void {
  if (word === "unit") found.unit = value;
  else if (word === "kind") found.kind = value;
  else if (word === "enum") found.enum = value;
  else if (word === "game") found.game = value;
  else if (word === "endian") found.bigEndian = value === "big";
  else if (word === "direction") {
    if (value === "to_server" || value === "to_client") found.direction = value;
  } else if (word === "count")
    found.count = tokenise(Object.assign(Object.create(source) as SourceFile, { text: value }), 200).map((token) => ({
      ...token,
      source,
      offset: place.from,
    }));
}

/** One letter is wrong, missing, too many or in the wrong place. */
function isNear(word: string, known: string): boolean {
  if (word === known || Math.abs(word.length - known.length) > 1 || word.length < 4) return false;
  let same = 0;
  while (same < word.length && word[same] === known[same]) same++;
  const [rest, other] = [word.slice(same), known.slice(same)];
  return (
    rest.slice(1) === other ||
    rest === other.slice(1) ||
    rest.slice(1) === other.slice(1) ||
    (rest[0] === other[1] && rest[1] === other[0] && rest.slice(2) === other.slice(2))
  );
}

/**
 * The comments of a declaration from `start` to `end`: those in the lines just above it, and one behind it in its last
 * line, before whatever is `next`. `start` has to be the first of its line, else what stands above belongs to something else.
 */
export function commentsOf(source: SourceFile, start: number, end: number, next: number, startsLine: boolean): Comment[] {
  const { comments } = source;
  const found: Comment[] = [];
  if (startsLine) {
    let line = source.line(start);
    for (let i = firstFrom(comments, start) - 1; i >= 0; i--) {
      const comment = comments[i] as Comment;
      if (!comment.ownLine || source.line(comment.to) !== line - 1) break;
      found.unshift(comment);
      line = source.line(comment.from);
    }
  }
  const behind = comments[firstFrom(comments, end)];
  if (behind !== undefined && behind.from < next && !behind.ownLine && source.line(behind.from) === source.line(end)) found.push(behind);
  return found;
}

/** Index of the first comment that begins at or behind `offset`. */
function firstFrom(comments: readonly Comment[], offset: number): number {
  let low = 0;
  let high = comments.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((comments[middle] as Comment).from < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
