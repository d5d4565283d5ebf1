import type { Value } from "#engine/rules/signature.ts";
import type { Draft } from "./draft.ts";
import { refuse } from "./problem.ts";
import { type Option, shorten } from "./split-rule.ts";

/** The value of an option that needs one. */
export function argumentOf(option: Option, example: string): string {
  if (option.value === undefined || option.value === "")
    return refuse(option.at, `${option.name} has no value`, `write ${option.name}:${example};`);
  return option.value;
}

/** Refuses a value for an option that has none. */
export function noValue(option: Option): void {
  if (option.value !== undefined && option.value !== "") refuse(option.valueAt, `${option.name} takes no value`, `write ${option.name};`);
}

/** The text inside of the quotes that may be around a value. */
export function unquoted(text: string): string {
  return text.length >= 2 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}

/** A value that must stand in quotes, with `!` before it when it is negated. `at` is the offset of its first character. */
export function quotedOf(option: Option, example: string): { readonly text: string; readonly negated: boolean; readonly at: number } {
  const value = argumentOf(option, example);
  const negated = value.startsWith("!");
  const text = negated ? value.slice(1).trimStart() : value;
  if (text.length < 2 || !text.startsWith('"') || !text.endsWith('"'))
    return refuse(option.valueAt, `the value of ${option.name} is not in quotes: ${shorten(value)}`, `write ${option.name}:${example};`);
  return { text: text.slice(1, -1), negated, at: option.valueAt + value.length - text.length + 1 };
}

/** The parts of a value between commas, without the blanks around them. */
export function partsOf(value: string): string[] {
  return value.split(",").map((part) => part.trim());
}

/** A whole number in decimal, or hexadecimal behind `0x`. */
export function wholeOf(option: Option, text: string, low: number, high: number): number {
  const number = /^[+-]?\d+$/.test(text) || /^0x[0-9a-f]+$/i.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(number) || number < low || number > high)
    return refuse(
      option.valueAt,
      `${option.name}: ${shorten(text)} is no number from ${low} to ${high}`,
      "write a whole number in these limits",
    );
  return number;
}

const NAME = /^[a-zA-Z_][\w.-]*$/;

/** A number, or the name of a variable that an option before it has set. */
export function valueOrVariable(draft: Draft, option: Option, text: string, low: number, high: number): Value {
  if (!NAME.test(text)) return wholeOf(option, text, low, high);
  if (!draft.variables.has(text))
    return refuse(option.valueAt, `${option.name}: no byte_extract or byte_math before it sets ${text}`, "set the variable first");
  return { variable: text };
}

/** The bytes of a text: UTF-8. */
export function utf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) pushUtf8(bytes, character.codePointAt(0) ?? 0);
  return Uint8Array.from(bytes);
}

/** Appends the UTF-8 of one code point; a lone surrogate is written as U+FFFD. */
export function pushUtf8(bytes: number[], point: number): void {
  const code = point >= 0xd800 && point < 0xe000 ? 0xfffd : point;
  if (code < 0x80) bytes.push(code);
  else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
  else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
}

/** ASCII letters in lower case, as `nocase` compares. */
export function lowered(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => (byte >= 65 && byte <= 90 ? byte + 32 : byte));
}
