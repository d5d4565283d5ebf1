import type { ByteView } from "#base/bytes.ts";
import { looseText } from "#base/loose-text.ts";

/** Bytes of a value that are told. */
export const textBytesMax = 256;
/** Simple values of one whole that are kept. */
export const valuesMax = 4;
/** Longest line, bytes; Redis allows as much for a command in a line. */
const lineBytesMax = 65_536;
/** Values inside one another. */
const depthMax = 32;
/** Longest value, bytes: the server's own limit. */
const bulkBytesMax = 512 * 1024 * 1024;

export const TYPES: { readonly [mark: string]: string } = {
  "+": "string",
  "-": "error",
  ":": "integer",
  $: "bulk",
  "*": "array",
  _: "null",
  "#": "boolean",
  ",": "double",
  "(": "number",
  "!": "error",
  "=": "verbatim",
  "%": "map",
  "~": "set",
  ">": "push",
  "|": "attribute",
};

/**
 * Reads the values of one side (RESP 2 and 3) as they come: remembers how many elements are still to come at each
 * depth, keeps the first few texts, and passes over the bytes of long ones.
 */
export class ValueReader {
  /** Mark of the whole value: `*`, `+` … */
  mark = "";
  /** Elements of the whole value when it has any. */
  items = 0;
  /** First simple values; of a simple whole its own. */
  values: string[] = [];
  /** All simple values. */
  count = 0;
  /** Set by `read`: a value is whole. */
  complete = false;
  /** Set by `read`: the bytes are no value. */
  broken = false;
  readonly #open: number[] = [];
  /** Bytes of a long value still to come, with its line end; -1 outside. */
  #left = -1;
  /** The beginning of a long value that comes in pieces, and how much of it is told. */
  #text: Uint8Array | undefined = undefined;
  #held = 0;
  #told = 0;

  /** True when nothing of a value was read. */
  get idle(): boolean {
    return this.#left < 0 && this.#open.length === 0;
  }

  /** Reads on at `at` until a value is whole or the bytes end; returns where it stopped. */
  read(view: ByteView, from: number): number {
    this.complete = false;
    let at = from;
    while (at < view.end && !this.complete && !this.broken) {
      if (this.#left >= 0) {
        at = this.#bulk(view, at);
        continue;
      }
      const stop = lineEnd(view, at);
      if (stop < 0) {
        this.broken = view.end - at > lineBytesMax;
        return at;
      }
      this.#line(view, at, stop);
      at = stop + 2;
    }
    return at;
  }

  /** `bytes` are missing: true when they all belong to a long value. */
  gap(bytes: number): boolean {
    if (this.#left > bytes + 2) {
      this.#left -= bytes;
      return true;
    }
    this.#open.length = 0;
    this.#left = -1;
    return false;
  }

  #begin(mark: string): void {
    if (this.#open.length > 0) return;
    this.mark = mark;
    this.items = 0;
    this.values = [];
    this.count = 0;
  }

  #line(view: ByteView, at: number, stop: number): void {
    const mark = String.fromCharCode(view.bytes[at] as number);
    this.#begin(mark);
    if (mark === "$" || mark === "=" || mark === "!") this.#startBulk(size(view, at + 1, stop));
    else if (mark === "*" || mark === "~" || mark === ">") this.#startList(size(view, at + 1, stop));
    else if (mark === "%" || mark === "|") this.#startList(2 * size(view, at + 1, stop));
    else if (TYPES[mark] === undefined) this.broken = true;
    else this.#simple(looseText(view.bytes, at + 1, Math.min(stop, at + 1 + textBytesMax)));
  }

  #startBulk(bytes: number): void {
    if (bytes === -1) {
      if (this.#open.length === 0) this.mark = "_";
      this.#simple("");
    } else if (bytes < 0 || bytes > bulkBytesMax) this.broken = true;
    else {
      this.#left = bytes + 2;
      this.#told = Math.min(bytes, textBytesMax);
      this.#held = 0;
    }
  }

  #startList(items: number): void {
    if (items === -1 || items === -2) {
      if (this.#open.length === 0) this.mark = "_";
      this.#simple("");
    } else if (items < 0 || this.#open.length >= depthMax) this.broken = true;
    else {
      if (this.#open.length === 0) this.items = this.mark === "%" ? items / 2 : items;
      if (items === 0) this.#close();
      else this.#open.push(items);
    }
  }

  #bulk(view: ByteView, at: number): number {
    const taken = Math.min(this.#left, view.end - at);
    this.#left -= taken;
    const isWhole = this.#left === 0;
    if (isWhole) this.#left = -1;
    // Most values lie whole in one piece, and are read where they are.
    if (isWhole && this.#held === 0 && taken >= this.#told) {
      this.#simple(looseText(view.bytes, at, at + this.#told));
      return at + taken;
    }
    this.#text ??= new Uint8Array(textBytesMax);
    const copied = Math.min(this.#told - this.#held, taken);
    this.#text.set(view.bytes.subarray(at, at + copied), this.#held);
    this.#held += copied;
    if (isWhole) this.#simple(looseText(this.#text, 0, this.#held));
    return at + taken;
  }

  #simple(text: string): void {
    this.count++;
    if (this.values.length < valuesMax) this.values.push(text);
    this.#close();
  }

  /** A value has ended, and with it all that it was the last of. */
  #close(): void {
    while (this.#open.length > 0) {
      const left = (this.#open.at(-1) as number) - 1;
      this.#open[this.#open.length - 1] = left;
      if (left > 0) return;
      this.#open.pop();
    }
    // An attribute belongs to the value behind it.
    this.complete = this.mark !== "|";
  }
}

/** Where the line that begins at `at` ends (its CR), -1 when its end is not there. */
export function lineEnd({ bytes, end }: ByteView, at: number): number {
  let feed = at;
  while (feed < end && bytes[feed] !== 10) feed++;
  return feed === at || feed >= end || bytes[feed - 1] !== 13 ? -1 : feed - 1;
}

/** The decimal number in `[at, stop)`; -3 when there is none. */
function size({ bytes }: ByteView, at: number, stop: number): number {
  if (stop - at === 2 && bytes[at] === 0x2d && bytes[at + 1] === 0x31) return -1;
  if (stop === at || stop - at > 10) return -3;
  let value = 0;
  for (let i = at; i < stop; i++) {
    const digit = (bytes[i] as number) - 0x30;
    if (digit < 0 || digit > 9) return -3;
    value = value * 10 + digit;
  }
  return value;
}
