import { latin1 } from "#base/bytes.ts";

/** Values within one another, and values in all. */
const depthMax = 8;
const valuesMax = 1000;
/** Digits of a number. */
const digitsMax = 15;

/** Bytes of the datagram. */
export interface Bytes {
  readonly at: number;
  readonly end: number;
}
export type Value = number | Bytes | readonly Value[] | Dictionary;
export type Dictionary = ReadonlyMap<string, Value>;

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

/** Reads bencoded values (BEP 3) of one datagram. */
export class Bencode {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #values = 0;
  at: number;

  constructor(bytes: Uint8Array, at: number, end: number) {
    this.#bytes = bytes;
    this.at = at;
    this.#end = end;
  }

  /** The value here; `undefined` when there is none. */
  value(depth = 0): Value | undefined {
    const first = this.at < this.#end ? this.#bytes[this.at] : undefined;
    if (depth > depthMax || ++this.#values > valuesMax) return undefined;
    if (isDigit(first)) return this.#string();
    this.at++;
    if (first === 0x69) return this.#number(0x65);
    if (first === 0x6c) return this.#list(depth);
    return first === 0x64 ? this.#dictionary(depth) : undefined;
  }

  #number(last: number): number | undefined {
    const start = this.at;
    const negative = this.#bytes[start] === 0x2d && start < this.#end;
    if (negative) this.at++;
    let value = 0;
    const digits = this.at;
    while (this.at < this.#end && isDigit(this.#bytes[this.at]) && this.at - digits < digitsMax)
      value = value * 10 + (this.#bytes[this.at++] as number) - 0x30;
    if (this.at === digits || this.at >= this.#end || this.#bytes[this.at] !== last) return undefined;
    this.at++;
    return negative ? -value : value;
  }

  #string(): Bytes | undefined {
    const length = this.#number(0x3a);
    if (length === undefined || length > this.#end - this.at) return undefined;
    const at = this.at;
    this.at += length;
    return { at, end: this.at };
  }

  /** True behind the last member, which is passed over. */
  #over(): boolean {
    if (this.at >= this.#end || this.#bytes[this.at] !== 0x65) return false;
    this.at++;
    return true;
  }

  #list(depth: number): Value[] | undefined {
    const values: Value[] = [];
    while (!this.#over()) {
      const value = this.value(depth + 1);
      if (value === undefined) return undefined;
      values.push(value);
    }
    return values;
  }

  #dictionary(depth: number): Dictionary | undefined {
    const members = new Map<string, Value>();
    while (!this.#over()) {
      const key = isDigit(this.#bytes[this.at]) && this.at < this.#end ? this.#string() : undefined;
      const value = key === undefined ? undefined : this.value(depth + 1);
      if (key === undefined || value === undefined) return undefined;
      members.set(latin1(this.#bytes, key.at, Math.min(key.end, key.at + 64)), value);
    }
    return members;
  }
}

export const isDictionary = (value: Value | undefined): value is Dictionary => value instanceof Map;
export const isBytes = (value: Value | undefined): value is Bytes =>
  typeof value === "object" && !Array.isArray(value) && !(value instanceof Map);
