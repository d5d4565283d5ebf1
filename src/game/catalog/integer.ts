/** An integer of C: its value, and whether its type is unsigned and how wide it is, which decides how it is combined. */
export interface Integer {
  readonly value: bigint;
  readonly unsigned: boolean;
  readonly bits: 32 | 64;
}

export const integer = (value: bigint, unsigned = false, bits: 32 | 64 = 32): Integer => ({
  value: unsigned ? BigInt.asUintN(bits, value) : BigInt.asIntN(bits, value),
  unsigned,
  bits,
});

/** How wide `long` is, for the suffix L. */
export type LongBits = 32 | 64;

/** Value of a number as it is written, or why it is none. */
export function parseNumber(text: string, longBits: LongBits): Integer | undefined {
  const match = /^(0[xX][\da-fA-F']+|0[bB][01']+|0[0-7']*|[1-9][\d']*)([uUlLzZ]*|[uU]?i64|[uU]?i32|[uU]?i16|[uU]?i8)$/.exec(text);
  if (match === null) return undefined;
  const digits = (match[1] as string).replaceAll("'", "");
  const suffix = (match[2] as string).toLowerCase();
  if (digits.length > 70) return undefined;
  const decimal = !digits.startsWith("0") || digits === "0";
  const value = BigInt(!decimal && /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
  if (value >= 1n << 64n) return undefined;
  const wide = suffix.includes("ll") || suffix.includes("64") || (/[lz]/.test(suffix) && longBits === 64);
  if (suffix.includes("u")) return integer(value, true, wide || value >= 1n << 32n ? 64 : 32);
  if (!wide && value < 1n << 31n) return integer(value);
  if (!wide && !decimal && value < 1n << 32n) return integer(value, true);
  return integer(value, value >= 1n << 63n, 64);
}

const escapes: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, a: 7, b: 8, f: 12, v: 11, e: 27 };

/** Value of `'A'`, `'\n'`, `'\x41'`, `'ABCD'` (the first character is the highest, as compilers do). */
export function parseCharacter(text: string): Integer | undefined {
  const inner = /^'((?:\\.|[^'\\])+)'$/s.exec(text)?.[1]?.replace(/\\$/, "");
  const parts = inner?.match(/\\x[\da-fA-F]+|\\[0-7]{1,3}|\\.|[^\\]/gs) ?? [];
  if (parts.length === 0 || parts.length > 4) return undefined;
  let value = 0n;
  for (const part of parts) value = (value << 8n) | BigInt(characterCode(part) & 0xff);
  return integer(parts.length === 1 ? BigInt.asIntN(8, value) : value);
}

function characterCode(part: string): number {
  if (!part.startsWith("\\")) return part.charCodeAt(0);
  if (part.startsWith("\\x")) return Number.parseInt(part.slice(2), 16);
  if (/^\\[0-7]/.test(part)) return Number.parseInt(part.slice(1), 8);
  return escapes[part.slice(1)] ?? part.charCodeAt(1);
}

const comparisons: Readonly<Record<string, (a: bigint, b: bigint) => boolean>> = {
  "<": (a, b) => a < b,
  ">": (a, b) => a > b,
  "<=": (a, b) => a <= b,
  ">=": (a, b) => a >= b,
  "==": (a, b) => a === b,
  "!=": (a, b) => a !== b,
};

const operations: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "%": (a, b) => a % b,
  "&": (a, b) => a & b,
  "|": (a, b) => a | b,
  "^": (a, b) => a ^ b,
};

/** `a OPERATOR b`, with C's conversions (6.3.1.8); `undefined` for a division by zero and for what is no operator. */
export function combine(operator: string, a: Integer, b: Integer): Integer | undefined {
  if (operator === "<<" || operator === ">>") {
    const count = BigInt.asUintN(6, b.value);
    return integer(operator === "<<" ? a.value << count : a.value >> count, a.unsigned, a.bits);
  }
  const bits = Math.max(a.bits, b.bits) as 32 | 64;
  const unsigned = (a.unsigned && a.bits === bits) || (b.unsigned && b.bits === bits);
  const [left, right] = [integer(a.value, unsigned, bits).value, integer(b.value, unsigned, bits).value];
  const compare = comparisons[operator];
  if (compare !== undefined) return integer(compare(left, right) ? 1n : 0n);
  const operation = operations[operator];
  if (operation === undefined || ((operator === "/" || operator === "%") && right === 0n)) return undefined;
  return integer(operation(left, right), unsigned, bits);
}
