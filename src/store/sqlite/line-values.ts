import { parseTime } from "#base/time.ts";
import { type ColumnValue, columnCharsMax, toColumn } from "#query/column-value.ts";
import type { Column } from "#schema/field.ts";
import type { Chunk } from "./chunk.ts";

const QUOTE = 34;
const BACKSLASH = 92;
const MICROS_PER_DAY = 86_400_000_000;

/** Index of the closing quote of the JSON string whose content starts at `at`, or -1. */
export function stringEnd(bytes: Uint8Array, at: number, to: number): number {
  let i = at;
  while (i < to) {
    const code = bytes[i] as number;
    if (code === QUOTE) return i;
    i += code === BACKSLASH ? 2 : 1;
  }
  return -1;
}

/** Index behind the JSON value that starts at `at`, or -1 when it does not end before `to`. */
export function valueEnd(bytes: Uint8Array, at: number, to: number): number {
  const first = bytes[at];
  if (first === QUOTE) return stringEnd(bytes, at + 1, to) + 1 || -1;
  if (first !== 0x7b && first !== 0x5b) return scalarEnd(bytes, at, to);
  let depth = 0;
  for (let i = at; i < to; i++) {
    const code = bytes[i] as number;
    if (code === QUOTE) {
      i = stringEnd(bytes, i + 1, to);
      if (i < 0) return -1;
    } else if (code === 0x7b || code === 0x5b) depth++;
    else if ((code === 0x7d || code === 0x5d) && --depth === 0) return i + 1;
  }
  return -1;
}

/** Numbers, true, false, null: up to the comma or bracket behind. */
function scalarEnd(bytes: Uint8Array, at: number, to: number): number {
  for (let i = at; i < to; i++) {
    const code = bytes[i] as number;
    if (code === 0x2c || code === 0x7d || code === 0x5d) return i === at ? -1 : i;
  }
  return -1;
}

/**
 * Turns the JSON text of one value into what its column holds. The usual spellings are read from the characters, all
 * others by `JSON.parse`; the result is the same.
 */
export class LineValues {
  /** True when the value read last is spelled as the store's reader will spell it. */
  canonical = false;
  #day = "";
  #dayMicros = 0;

  /** The value in `[at, to)` of the chunk, quotes included. Throws when it is no JSON. */
  read(column: Column, chunk: Chunk, at: number, to: number): ColumnValue {
    this.canonical = true;
    const value = this.#quick(column, chunk, at, to);
    if (value !== undefined) return value;
    this.canonical = false;
    return toColumn(column, JSON.parse(chunk.slice(at, to)));
  }

  #quick(column: Column, chunk: Chunk, at: number, to: number): ColumnValue {
    const { bytes } = chunk;
    const quoted = bytes[at] === QUOTE;
    if (column.format === "time") return quoted ? this.#time(chunk, at, to) : undefined;
    if (column.format === "address") return quoted ? address(chunk, at + 1, to - 1) : undefined;
    if (column.type === "integer") return quoted ? undefined : integer(chunk, at, to);
    return quoted && column.type === "text" ? plainText(chunk, at + 1, to - 1) : undefined;
  }

  /** `"2026-01-31T23:59:59.000001+0000"`. */
  #time(chunk: Chunk, at: number, to: number): number | undefined {
    const { bytes } = chunk;
    if (to - at !== 33 || bytes[at + 11] !== 0x54 || bytes[at + 14] !== 0x3a) return undefined;
    if (bytes[at + 17] !== 0x3a || bytes[at + 20] !== 0x2e || bytes[at + 27] !== 0x2b) return undefined;
    for (let i = at + 28; i < at + 32; i++) if (bytes[i] !== 0x30) return undefined;
    const hour = digits(bytes, at + 12, 2);
    const minute = digits(bytes, at + 15, 2);
    const second = digits(bytes, at + 18, 2);
    const fraction = digits(bytes, at + 21, 6);
    if (!(hour < 24 && minute < 60 && second < 60 && fraction >= 0) || !this.#sameDay(chunk, at + 1)) return undefined;
    return this.#dayMicros + (hour * 3600 + minute * 60 + second) * 1_000_000 + fraction;
  }

  /** Keeps the day, because consecutive events share it. */
  #sameDay(chunk: Chunk, at: number): boolean {
    const { bytes } = chunk;
    const known = this.#day;
    if (known !== "") {
      let i = 9;
      while (i >= 0 && bytes[at + i] === known.charCodeAt(i)) i--;
      if (i < 0) return true;
    }
    const day = chunk.slice(at, at + 10);
    const micros = /^\d{4}-\d\d-\d\d$/.test(day) ? parseTime(`${day}T00:00:00`) : undefined;
    // The 31st of April comes out as the 1st of May: such a day has to be kept as it is written.
    if (micros === undefined || new Date(micros / 1000).toISOString().slice(0, 10) !== day) return false;
    this.#day = day;
    this.#dayMicros = micros;
    return micros % MICROS_PER_DAY === 0;
  }
}

/** A whole number below 2^53 without sign, fraction and leading zeros. */
function integer(chunk: Chunk, at: number, to: number): number | undefined {
  const { bytes } = chunk;
  const length = to - at;
  if (length > 15 || (length > 1 && bytes[at] === 0x30)) return longInteger(chunk, at, to);
  let value = 0;
  for (let i = at; i < to; i++) {
    const digit = (bytes[i] as number) - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return value;
}

function longInteger(chunk: Chunk, at: number, to: number): number | undefined {
  const value = Number(chunk.slice(at, to));
  return Number.isSafeInteger(value) && String(value) === chunk.slice(at, to) ? value : undefined;
}

/** IPv4 in four decimal numbers without leading zeros, IPv6 in eight groups of four digits, letters small. */
function address(chunk: Chunk, at: number, to: number): ColumnValue {
  const { bytes } = chunk;
  if (to - at === 39) return ipv6(chunk, at, to);
  if (to - at > 15) return undefined;
  let word = 0;
  let octet = 0;
  let length = 0;
  let dots = 0;
  for (let i = at; i < to; i++) {
    const digit = (bytes[i] as number) - 0x30;
    if (digit >= 0 && digit <= 9) {
      if (length > 0 && octet === 0) return undefined;
      octet = octet * 10 + digit;
      length++;
    } else {
      if (digit !== -2 || length === 0 || octet > 255) return undefined;
      word = word * 256 + octet;
      octet = length = 0;
      dots++;
    }
  }
  return dots === 3 && length > 0 && octet < 256 ? word * 256 + octet : undefined;
}

function ipv6(chunk: Chunk, at: number, to: number): string | undefined {
  const { bytes } = chunk;
  for (let i = at; i < to; i++) {
    const code = bytes[i] as number;
    const ok = (i - at) % 5 === 4 ? code === 0x3a : (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x66);
    if (!ok) return undefined;
  }
  return chunk.slice(at, to);
}

/** A text without escapes. */
function plainText(chunk: Chunk, at: number, to: number): string | undefined {
  const { bytes } = chunk;
  if (to - at > columnCharsMax) return undefined;
  for (let i = at; i < to; i++) if (bytes[i] === BACKSLASH) return undefined;
  return chunk.slice(at, to);
}

/** The number in `count` digits; NaN when one is none. */
function digits(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    const digit = (bytes[i] as number) - 0x30;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}
