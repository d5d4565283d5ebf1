import { parseAddress } from "#base/address.ts";
import type { AddressSet } from "#engine/rules/signature.ts";
import { refuse } from "./problem.ts";
import { type Entry, entriesOf } from "./variables.ts";

const anyAddress: AddressSet = { any: true, has: () => true };

/** Addresses from `low` to `high`, both included, as numbers of 32 or 128 bits. */
type Range = readonly [low: bigint, high: bigint];

const WORD = 32n;
const top = (bits: number): bigint => (1n << BigInt(bits)) - 1n;

/** The addresses that a text like `[10.0.0.0/8,!10.0.0.1]` means. Negated entries are taken away from the others. */
export function parseAddresses(text: string, variables: Readonly<Record<string, string>>, at: number): AddressSet {
  const entries = entriesOf(text, variables, at);
  const mixed = entries.some(({ negated }) => negated) && entries.some(({ negated }) => !negated);
  if (mixed && text.startsWith("!")) return new Complement(parseAddresses(text.slice(1), variables, at));
  const included = entries.filter((entry) => !entry.negated);
  const excluded = entries.filter((entry) => entry.negated);
  if (excluded.some((entry) => isAny(entry))) refuse(at, `${text} leaves no address`, "any cannot be negated");
  const everything = included.length === 0 || included.some(isAny);
  if (everything && excluded.length === 0) return anyAddress;
  const four = rangesOf(included, excluded, everything, 4, at);
  const six = rangesOf(included, excluded, everything, 6, at);
  if (four.length + six.length === 0) refuse(at, `${text} leaves no address`, "take a negation away");
  return new RangeSet(four, six);
}

const isAny = (entry: Entry): boolean => entry.text.toLowerCase() === "any";

function rangesOf(included: readonly Entry[], excluded: readonly Entry[], everything: boolean, version: 4 | 6, at: number): Range[] {
  const bits = version === 4 ? 32 : 128;
  const all: Range[] = everything ? [[0n, top(bits)]] : ofVersion(included, version, at);
  let left = merged(all);
  for (const out of ofVersion(excluded, version, at)) left = left.flatMap((range) => without(range, out));
  return left;
}

function ofVersion(entries: readonly Entry[], version: 4 | 6, at: number): Range[] {
  const ranges: Range[] = [];
  for (const entry of entries) {
    if (isAny(entry)) continue;
    const found = rangeOf(entry.text, at);
    if (found.version === version) ranges.push(found.range);
  }
  return ranges;
}

function rangeOf(text: string, at: number): { readonly version: 4 | 6; readonly range: Range } {
  const [first = "", last] = text.split("-");
  if (last !== undefined) {
    const low = addressOf(first.trim(), at);
    const high = addressOf(last.trim(), at);
    if (low.version !== high.version || low.value > high.value) refuse(at, `${text} is no range of addresses`, "write LOW-HIGH");
    return { version: low.version, range: [low.value, high.value] };
  }
  const [base = "", mask] = text.split("/");
  const { version, value } = addressOf(base, at);
  const bits = version === 4 ? 32 : 128;
  const host = top(bits - (mask === undefined ? bits : prefixOf(mask, version, at)));
  return { version, range: [value & ~host & top(bits), value | host] };
}

function prefixOf(mask: string, version: 4 | 6, at: number): number {
  const bits = version === 4 ? 32 : 128;
  if (/^\d{1,3}$/.test(mask) && Number(mask) <= bits) return Number(mask);
  const dotted = version === 4 ? parseAddress(mask) : undefined;
  if (dotted?.version === 4) {
    const hosts = ~dotted.words[0] >>> 0;
    if ((hosts & (hosts + 1)) === 0) return Math.clz32(hosts);
  }
  return refuse(at, `/${mask} is no network mask`, `write /0 to /${bits}`);
}

function addressOf(text: string, at: number): { readonly version: 4 | 6; readonly value: bigint } {
  const found = parseAddress(text);
  if (found === undefined) return refuse(at, `${text} is no address`, "write an address, a network like 10.0.0.0/8, a $VARIABLE or any");
  if (found.version === 4) return { version: 4, value: BigInt(found.words[0]) };
  return { version: 6, value: found.words.reduce((sum, word) => (sum << WORD) | BigInt(word), 0n) };
}

function merged(ranges: readonly Range[]): Range[] {
  const sorted = ranges.toSorted((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
  const result: [bigint, bigint][] = [];
  for (const [low, high] of sorted) {
    const last = result.at(-1);
    if (last !== undefined && low <= last[1] + 1n) last[1] = high > last[1] ? high : last[1];
    else result.push([low, high]);
  }
  return result;
}

function without([low, high]: Range, [from, to]: Range): Range[] {
  if (to < low || from > high) return [[low, high]];
  const rest: Range[] = [];
  if (from > low) rest.push([low, from - 1n]);
  if (to < high) rest.push([to + 1n, high]);
  return rest;
}

/** `![10.0.0.0/8,!10.0.0.1]`: all that the list does not mean. */
class Complement implements AddressSet {
  readonly any = false;
  readonly #others: AddressSet;

  constructor(others: AddressSet) {
    this.#others = others;
  }

  has(words: Int32Array, at: number, ipv6: boolean): boolean {
    return !this.#others.has(words, at, ipv6);
  }
}

/** Sorted ranges that do not touch, found by halving. */
class RangeSet implements AddressSet {
  readonly any = false;
  /** low, high, low, high … */
  readonly #four: Uint32Array;
  /** Four words of low, four of high, … */
  readonly #six: Uint32Array;

  constructor(four: readonly Range[], six: readonly Range[]) {
    this.#four = Uint32Array.from(four.flatMap((range) => range.map(Number)));
    this.#six = Uint32Array.from(six.flatMap((range) => range.flatMap(wordsOf)));
  }

  has(words: Int32Array, at: number, ipv6: boolean): boolean {
    return ipv6 ? this.#hasSix(words, at) : this.#hasFour((words[at] ?? 0) >>> 0);
  }

  #hasFour(address: number): boolean {
    const ranges = this.#four;
    let low = 0;
    let high = ranges.length >>> 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (address > (ranges[2 * middle + 1] ?? 0)) low = middle + 1;
      else high = middle;
    }
    return 2 * low < ranges.length && address >= (ranges[2 * low] ?? 0);
  }

  #hasSix(words: Int32Array, at: number): boolean {
    const ranges = this.#six;
    let low = 0;
    let high = ranges.length >>> 3;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compare(words, at, ranges, 8 * middle + 4) > 0) low = middle + 1;
      else high = middle;
    }
    return 8 * low < ranges.length && compare(words, at, ranges, 8 * low) >= 0;
  }
}

const wordsOf = (value: bigint): number[] => [96n, 64n, 32n, 0n].map((shift) => Number((value >> shift) & top(32)));

function compare(words: Int32Array, at: number, other: Uint32Array, from: number): number {
  for (let index = 0; index < 4; index++) {
    const difference = ((words[at + index] ?? 0) >>> 0) - (other[from + index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
