import { narrow } from "./read-number.ts";

/**
 * Arithmetic of unsigned 64-bit integers that are numbers as long as a number can hold them, and bigints beyond.
 * Results wrap as in C.
 */

const wrap = (value: bigint): number | bigint => narrow(BigInt.asUintN(64, value));
const isExact = (value: number): boolean => value >= 0 && value <= Number.MAX_SAFE_INTEGER;

export type Operator = "+" | "-" | "*" | "/" | "<<" | ">>";

/** `undefined` for a division by zero. */
export function calculate(left: number | bigint, operator: Operator, right: number | bigint): number | bigint | undefined {
  if (operator === "/" && Number(right) === 0) return undefined;
  if (typeof left === "number" && typeof right === "number") {
    const quick = quickly(left, operator, right);
    if (isExact(quick)) return quick;
  }
  const a = BigInt(left);
  const b = BigInt(right);
  switch (operator) {
    case "+":
      return wrap(a + b);
    case "-":
      return wrap(a - b);
    case "*":
      return wrap(a * b);
    case "/":
      return wrap(a / BigInt.asUintN(64, b));
    case "<<":
      return b < 0n || b > 63n ? 0 : wrap(a << b);
    default:
      return b < 0n || b > 63n ? 0 : wrap(a >> b);
  }
}

/** The result in floating point, which counts when it is a whole number that is exact; else -1. */
function quickly(left: number, operator: Operator, right: number): number {
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return right < 0 ? -1 : Math.floor(left / right);
    case "<<":
      return right < 0 || right > 63 ? 0 : left * 2 ** right;
    default:
      return right < 0 || right > 63 ? 0 : Math.floor(left / 2 ** right);
  }
}

/** Equality of what may be a number or a bigint. */
export const isEqual = (left: number | bigint, right: number | bigint): boolean => left <= right && !(left < right);

/** True when the two have a bit in common. */
export function haveCommonBit(left: number | bigint, right: number | bigint): boolean {
  if (typeof left === "number" && typeof right === "number" && left <= 0xffffffff && right <= 0xffffffff) return (left & right) !== 0;
  return (BigInt(left) & BigInt(right)) !== 0n;
}

/** The bits that `mask` (32 bits) leaves, moved right until its lowest bit is the lowest. */
export function masked(value: number | bigint, mask: number): number {
  const low = typeof value === "number" ? value | 0 : Number(BigInt.asIntN(32, value));
  return ((low & mask) >>> 0) >>> (31 - Math.clz32(mask & -mask));
}

/** The next multiple of `step`, or the value itself. */
export function aligned(value: number | bigint, step: number): number | bigint {
  const rest = typeof value === "number" ? value % step : Number(value % BigInt(step));
  return rest === 0 ? value : (calculate(value, "+", step - rest) ?? value);
}

/** The low 32 bits as a signed number: what C makes of it when it puts it into an `int32_t`. */
export const toInt32 = (value: number | bigint): number => (typeof value === "number" ? value | 0 : Number(BigInt.asIntN(32, value)));
