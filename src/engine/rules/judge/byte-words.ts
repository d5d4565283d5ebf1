import type { ByteTest, NumberFormat, Value } from "#engine/rules/signature.ts";
import { aligned, calculate, haveCommonBit, isEqual, masked } from "./arithmetic.ts";
import { number } from "./content-range.ts";
import type { Scratch } from "./scratch.ts";

type Word<Type extends ByteTest["type"]> = Extract<ByteTest, { type: Type }>;

/** A variable of this many bytes and more is no distance: Suricata's own limit for `isdataat`. */
const distanceBytesMax = 100_000_000;
const INT64_MAX = 2 ** 63;

/** The words that read a number out of the bytes. All are false when it does not lie wholly in them. */
export class ByteWords {
  /** Where the number begins that was read last, from the buffer's beginning. */
  #at = 0;

  test(word: Word<"byte_test">, bytes: Uint8Array, from: number, to: number, scratch: Scratch): boolean {
    if (!this.#read(word.format, word.offset, word.relative, bytes, from, to, scratch)) return false;
    const value = word.bitmask === 0 ? scratch.reader.value : masked(scratch.reader.value, word.bitmask);
    return compares(value, word.operator, full(word.value, scratch)) !== word.negated;
  }

  jump(word: Word<"byte_jump">, bytes: Uint8Array, from: number, to: number, scratch: Scratch): boolean {
    if (!this.#read(word.format, word.offset, word.relative, bytes, from, to, scratch)) return false;
    const { reader } = scratch;
    let value = word.bitmask === 0 ? reader.value : masked(reader.value, word.bitmask);
    value = calculate(value, "*", word.multiplier) ?? 0;
    if (word.align) value = aligned(value, 4);
    const distance = signed(value) + number(word.postOffset, scratch);
    const base = word.from === "here" ? this.#at + reader.consumed : word.from === "end" ? to - from : 0;
    const target = base + distance;
    if (!(target <= to - from)) return false;
    // A jump to before the beginning ends there.
    scratch.position = Math.max(0, target);
    return true;
  }

  extract(word: Word<"byte_extract">, bytes: Uint8Array, from: number, to: number, scratch: Scratch): boolean {
    if (!this.#read(word.format, word.offset, word.relative, bytes, from, to, scratch)) return false;
    let value = calculate(scratch.reader.value, "*", word.multiplier) ?? 0;
    if (word.align !== 0) value = aligned(value, word.align);
    scratch.position = this.#at + scratch.reader.consumed;
    scratch.setVariable(word.variable, value);
    return true;
  }

  math(word: Word<"byte_math">, bytes: Uint8Array, from: number, to: number, scratch: Scratch): boolean {
    if (!this.#read(word.format, word.offset, word.relative, bytes, from, to, scratch)) return false;
    const value = calculate(scratch.reader.value, word.operator, full(word.value, scratch));
    if (value === undefined) return false;
    scratch.position = this.#at + scratch.reader.consumed;
    scratch.setVariable(word.result, word.bitmask === 0 ? value : masked(value, word.bitmask));
    return true;
  }

  isDataAt(word: Word<"isdataat">, length: number, scratch: Scratch): boolean {
    const at = Number(full(word.at, scratch));
    const isThere = at < distanceBytesMax && (word.relative ? scratch.position + at <= length : at < length);
    return isThere !== word.negated;
  }

  /** Reads the number into `scratch.reader`. */
  #read(format: NumberFormat, offset: Value, relative: boolean, bytes: Uint8Array, from: number, to: number, scratch: Scratch): boolean {
    const at = number(offset, scratch) + (relative ? scratch.position : 0);
    const count = number(format.count, scratch);
    const left = to - from - at;
    if (to <= from || at < 0 || count < 0 || count > left || (relative && left <= 0)) return false;
    this.#at = at;
    return scratch.reader.read(format, format.dce ? scratch.dceLittle : format.little, bytes, from + at, count);
  }
}

/** A value with all its 64 bits. */
function full(value: Value, scratch: Scratch): number | bigint {
  return typeof value === "number" ? value : scratch.variable(value.variable);
}

/** What an unsigned number of 64 bits is as a signed one: a jump by it goes backwards when its highest bit is set. */
function signed(value: number | bigint): number {
  return value < INT64_MAX ? Number(value) : Number(BigInt.asIntN(64, BigInt(value)));
}

function compares(left: number | bigint, operator: Word<"byte_test">["operator"], right: number | bigint): boolean {
  switch (operator) {
    case "<":
      return left < right;
    case ">":
      return left > right;
    case "<=":
      return left <= right;
    case ">=":
      return left >= right;
    case "=":
      return isEqual(left, right);
    case "&":
      return haveCommonBit(left, right);
    default:
      return !isEqual(left, right);
  }
}
