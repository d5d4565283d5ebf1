import type { Content, Value } from "#engine/rules/signature.ts";
import { toInt32 } from "./arithmetic.ts";
import type { Scratch } from "./scratch.ts";

/** Where a literal is looked for, from the buffer's beginning: it must lie wholly in `[low..high)`. */
export class ContentRange {
  low = 0;
  high = 0;

  /**
   * Sets the range of `test` in a buffer of `length` bytes, with the last match ending at `scratch.position`. False when
   * there is no room at all.
   */
  set(test: Content, length: number, scratch: Scratch): boolean {
    this.low = 0;
    this.high = length;
    if (test.relative) this.#relative(test, scratch);
    else this.#absolute(test, scratch);
    if (this.high > length) this.high = length;
    return this.low <= this.high && this.high > 0;
  }

  #relative(test: Content, scratch: Scratch): void {
    const { position } = scratch;
    const distance = number(test.distance, scratch);
    this.low = Math.max(0, position + distance);
    if (test.within === undefined) return;
    // An end before the buffer's beginning limits nothing: Suricata reads it as an unsigned number.
    const end = position + distance + number(test.within, scratch);
    if (end < 0) return;
    if (scratch.precedingBytes > 0 && position === 0) this.high = Math.max(0, end - scratch.precedingBytes);
    else this.high = Math.min(this.high, end);
  }

  #absolute(test: Content, scratch: Scratch): void {
    const { precedingBytes } = scratch;
    const offset = number(test.offset, scratch) >>> 0;
    this.low = Math.max(0, offset - precedingBytes);
    if (test.depth === undefined) return;
    this.high = Math.max(0, offset + (number(test.depth, scratch) >>> 0) - precedingBytes);
  }
}

/** A value as a signed number of 32 bits. */
export function number(value: Value, scratch: Scratch): number {
  return typeof value === "number" ? value : toInt32(scratch.variable(value.variable));
}
