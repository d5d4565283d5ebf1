import type { NumberTest } from "#engine/rules/signature.ts";
import { refuse } from "./problem.ts";
import { type Option, shorten } from "./split-rule.ts";

/** What a number word's value may be. */
export interface NumberLimits {
  readonly low?: number;
  readonly high: number;
  /** Names that stand for numbers. */
  readonly names?: Readonly<Record<string, number>> | undefined;
}

const UNITS: Readonly<Record<string, number>> = {
  kb: 1024,
  kib: 1024,
  mb: 1024 ** 2,
  mib: 1024 ** 2,
  gb: 1024 ** 3,
  gib: 1024 ** 3,
  b: 1,
};

const MASK = /^(!?)&\s*([^=!]+?)\s*(?:(!?=)\s*(.+))?$/;
const RANGE = /^(!?)\s*([\w.]+?)\s*(?:-|<>)\s*([\w.]+)$/;
const COMPARISON = /^(!=|>=|<=|==|[=<>!])?\s*(.+)$/;

/**
 * `5`, `!5`, `>5`, `<=5`, `1-5` and `1<>5` (between, both excluded), `!1-5`, `&0x40`, `&0xf0=0x40`: how all words that
 * are unsigned integers are compared (manual, "Integer Keywords").
 */
export function numberTest(option: Option, text: string, limits: NumberLimits): NumberTest {
  const mask = MASK.exec(text);
  if (mask !== null) return maskTest(option, mask, limits);
  const names = limits.names;
  const plain = names !== undefined && nameOf(names, text) !== undefined;
  const range = plain ? null : RANGE.exec(text);
  if (range !== null) {
    const low = numberOf(option, range[2] ?? "", limits);
    const high = numberOf(option, range[3] ?? "", limits);
    if (low >= high || Number(high) - Number(low) < 2)
      refuse(option.valueAt, `${option.name}: nothing lies between ${low} and ${high}`, "the ends of a range do not belong to it");
    return { operator: range[1] === "!" ? "notRange" : "range", low, high };
  }
  const [, sign, value = ""] = COMPARISON.exec(text) ?? [];
  const number = numberOf(option, value, limits);
  const operator = sign === undefined || sign === "==" ? "=" : sign === "!" ? "!=" : (sign as "=" | "!=" | "<" | "<=" | ">" | ">=");
  if (operator === "<" && Number(number) <= (limits.low ?? 0))
    refuse(option.valueAt, `${option.name}: nothing is less than ${number}`, "write a larger number");
  if (operator === ">" && Number(number) >= limits.high)
    refuse(option.valueAt, `${option.name}: nothing is more than ${number}`, "write a smaller number");
  return { operator, value: number };
}

function maskTest(option: Option, [, not, mask = "", equals, value]: RegExpExecArray, limits: NumberLimits): NumberTest {
  const bits = numberOf(option, mask, limits);
  if (equals === undefined || value === undefined) return { operator: not === "!" ? "!&" : "&", value: bits };
  const negated = (not === "!") !== (equals === "!=");
  return { operator: negated ? "notMasked" : "masked", mask: bits, value: numberOf(option, value, limits) };
}

function nameOf(names: Readonly<Record<string, number>>, text: string): number | undefined {
  if (Object.hasOwn(names, text)) return names[text];
  const wanted = text.toLowerCase();
  for (const name of Object.keys(names)) if (name.toLowerCase() === wanted) return names[name];
  return undefined;
}

/** A number, in hexadecimal, with a unit, or by its name. Beyond 2^53 it is a bigint. */
export function numberOf(option: Option, text: string, limits: NumberLimits): number | bigint {
  const named = limits.names === undefined ? undefined : nameOf(limits.names, text);
  if (named !== undefined) return named;
  const [, digits = "", unit = ""] = /^([+-]?\d+|0x[0-9a-f]+)\s*([kmg]i?b|b)?$/i.exec(text) ?? [];
  if (digits === "") return wrong(option, text, limits);
  const number = Number(digits) * (UNITS[unit.toLowerCase()] ?? 1);
  if (number < (limits.low ?? 0) || number > limits.high) return wrong(option, text, limits);
  return Number.isSafeInteger(number) ? number : BigInt(digits) * BigInt(UNITS[unit.toLowerCase()] ?? 1);
}

function wrong(option: Option, text: string, limits: NumberLimits): never {
  const names = limits.names === undefined ? "" : ` or one of ${shorten(Object.keys(limits.names).join(", "))}`;
  return refuse(
    option.valueAt,
    `${option.name}: ${shorten(text)} is no number from ${limits.low ?? 0} to ${limits.high}`,
    `write a number${names}`,
  );
}

export const uint8 = 255;
export const uint16 = 65_535;
export const uint32 = 0xffff_ffff;
/** 2^64 - 1 as nearly as a number has it. */
export const uint64 = 2 ** 64;
