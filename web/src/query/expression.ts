import type { Column } from "#schema/field.ts";

/** Columns that a plain text is looked for in, by kind, when the kind has them; addresses come always. */
const SEARCHED_MAX = 6;

/**
 * True when what was typed is meant as an expression of the query language, not as words to look for: it has a
 * comparison, or the words `in`, `exists` or `not` in their places.
 */
export function isExpression(find: string): boolean {
  const text = find.trim();
  return (
    /(?:^|[\s(])[a-z_][a-z0-9_.]*\s*(?:=|!=|<|>|~)/i.test(text) ||
    /^\(?\s*(?:not|exists)\s/i.test(text) ||
    /\s(?:in\s+\S|exists\b)/i.test(text)
  );
}

/** Lower-case words of a plain search. */
export const wordsOf = (find: string): readonly string[] =>
  find
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");

/** The expression for what was typed: itself, or one that looks for every word in the kind's columns. */
export function expressionOf(find: string, columns: readonly Column[]): string {
  if (find.trim() === "" || isExpression(find)) return find.trim();
  const parts = wordsOf(find).map((word) => wordExpression(word, columns));
  return parts.length === 1 ? (parts[0] as string) : parts.map((part) => `(${part})`).join(" and ");
}

function wordExpression(word: string, columns: readonly Column[]): string {
  const has = (name: string) => columns.some((column) => column.name === name);
  const ends = ["src_ip", "dest_ip"].filter(has);
  if (/^[\d.]+\/\d+$|^[0-9a-f:]*:[0-9a-f:.]*\/\d+$/i.test(word)) return ends.map((name) => `${name} in ${word}`).join(" or ");
  if (/^\d+\.\d+\.\d+\.\d+$|^[0-9a-f]*:[0-9a-f:.]*:[0-9a-f.]*$/i.test(word)) return ends.map((name) => `${name} = ${word}`).join(" or ");
  const texts = columns.filter((column) => column.type === "text").slice(0, SEARCHED_MAX + ends.length);
  const parts = texts.map((column) => `${column.name} ~ ${quoted(word)}`);
  if (/^\d{1,5}$/.test(word)) parts.push(...["src_port", "dest_port"].filter(has).map((name) => `${name} = ${word}`));
  return parts.join(" or ");
}

/** A text as the query language writes it. */
export const quoted = (text: string): string => `"${text.replace(/(["\\])/g, "\\$1")}"`;

/** A condition that a column has a value, as a click on the value means it. */
export function equals(column: string, value: string | number | undefined): string {
  if (value === undefined) return `not exists ${column}`;
  return `${column} = ${typeof value === "number" ? value : quoted(value)}`;
}

/** Two expressions at once; either may be empty. */
export function both(left: string, right: string): string {
  if (left === "" || right === "") return left + right;
  return `${/\sor\s/i.test(left) ? `(${left})` : left} and ${/\sor\s/i.test(right) ? `(${right})` : right}`;
}
