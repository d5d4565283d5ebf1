/** A pattern as a tree. Case, dots, classes and `x` are resolved by the parser: what is left are sets of bytes. */

/** 256 places, 1 for each byte that belongs to the set. */
export type ByteSet = Uint8Array;

export type PlaceName =
  | "start"
  | "end"
  /** The end, or before a newline that is the last byte. */
  | "end-or-newline"
  | "line-start"
  | "line-end"
  | "word"
  | "not-word"
  /** Where the search began. */
  | "search-start";

export interface SetNode {
  readonly kind: "set";
  readonly set: ByteSet;
  /** The one byte of the set, or the lower case of a letter that may have either; -1 for any other set. */
  readonly byte: number;
  /** 0x20 for a letter of either case, otherwise 0: a byte with these bits set is `byte`. */
  readonly bits: number;
}

export type PcreNode =
  | SetNode
  | { readonly kind: "sequence"; readonly parts: readonly PcreNode[] }
  | { readonly kind: "choice"; readonly ways: readonly PcreNode[] }
  | { readonly kind: "repeat"; readonly body: PcreNode; readonly min: number; readonly max: number; readonly mode: RepeatMode }
  | { readonly kind: "group"; readonly index: number; readonly body: PcreNode }
  | { readonly kind: "atomic"; readonly body: PcreNode }
  | { readonly kind: "look"; readonly ahead: boolean; readonly negative: boolean; readonly body: PcreNode }
  | { readonly kind: "place"; readonly place: PlaceName }
  | { readonly kind: "back"; readonly group: number; readonly nocase: boolean };

export type RepeatMode = "greedy" | "lazy" | "possessive";

export interface PcreTree {
  readonly root: PcreNode;
  /** Capturing groups. */
  readonly groups: number;
  readonly names: ReadonlyMap<string, number>;
  /** May only match where the search begins. */
  readonly anchored: boolean;
}

/** Why a pattern is refused. */
export interface PcreError {
  /** Where in the pattern, from 1. */
  readonly column: number;
  readonly cause: string;
  readonly mend: string;
}

/** Thrown inside the parser, never out of it. */
export class PcreRefusal extends Error {
  override readonly name = "PcreRefusal";
  readonly at: number;
  readonly mend: string;

  constructor(at: number, cause: string, mend: string) {
    super(cause);
    this.at = at;
    this.mend = mend;
  }
}

export const setOf = (...ranges: readonly (readonly [number, number])[]): ByteSet => {
  const set = new Uint8Array(256);
  for (const [low, high] of ranges) set.fill(1, low, high + 1);
  return set;
};
export const single = (byte: number): ByteSet => setOf([byte, byte]);
export const inverted = (set: ByteSet): ByteSet => set.map((one) => 1 - one);
/** Adds the other case of the letters A to Z, as the C locale does. */
export function folded(set: ByteSet): ByteSet {
  const result = set.slice();
  for (let upper = 0x41; upper <= 0x5a; upper++)
    if (set[upper] === 1 || set[upper | 0x20] === 1) {
      result[upper] = 1;
      result[upper | 0x20] = 1;
    }
  return result;
}
/** A node for a set. */
export function setNode(set: ByteSet): SetNode {
  const byte = set.indexOf(1);
  const last = set.lastIndexOf(1);
  if (byte >= 0 && byte === last) return { kind: "set", set, byte, bits: 0 };
  const isLetter = byte >= 0x41 && byte <= 0x5a && last === (byte | 0x20) && set.indexOf(1, byte + 1) === last;
  return isLetter ? { kind: "set", set, byte: last, bits: 0x20 } : { kind: "set", set, byte: -1, bits: 0 };
}
const exactNodes: readonly SetNode[] = Array.from({ length: 256 }, (_, byte) => setNode(single(byte)));
const eitherNodes: readonly SetNode[] = Array.from({ length: 256 }, (_, byte) => setNode(folded(single(byte))));
/** The node for one byte, with its other case where case does not count. Patterns share these. */
export const byteNode = (byte: number, nocase: boolean): SetNode => (nocase ? eitherNodes : exactNodes)[byte] as SetNode;

/** Adds the bytes of `more` to `set`. */
export function include(set: ByteSet, more: ByteSet): void {
  for (let byte = 0; byte < 256; byte++) if (more[byte] === 1) set[byte] = 1;
}
export function overlap(one: ByteSet, other: ByteSet): boolean {
  for (let byte = 0; byte < 256; byte++) if (one[byte] === 1 && other[byte] === 1) return true;
  return false;
}

const digit = setOf([0x30, 0x39]);
const word = setOf([0x30, 0x39], [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]);
const space = setOf([0x09, 0x0d], [0x20, 0x20]);
const horizontal = setOf([0x09, 0x09], [0x20, 0x20], [0xa0, 0xa0]);
const vertical = setOf([0x0a, 0x0d], [0x85, 0x85]);
const notNewline = inverted(single(0x0a));

/** Sets that a backslash and a letter stand for (pcre2pattern, "Generic character types"), in the C locale. */
export const classLetters: ReadonlyMap<string, ByteSet> = new Map([
  ["d", digit],
  ["D", inverted(digit)],
  ["w", word],
  ["W", inverted(word)],
  ["s", space],
  ["S", inverted(space)],
  ["h", horizontal],
  ["H", inverted(horizontal)],
  ["v", vertical],
  ["V", inverted(vertical)],
  ["N", notNewline],
]);
export const allBytes = setOf([0, 255]);
export const anyButNewline = notNewline;
export const wordBytes = word;

/** POSIX classes in the C locale. */
export const posixClasses: ReadonlyMap<string, ByteSet> = new Map([
  ["alpha", setOf([0x41, 0x5a], [0x61, 0x7a])],
  ["lower", setOf([0x61, 0x7a])],
  ["upper", setOf([0x41, 0x5a])],
  ["alnum", setOf([0x30, 0x39], [0x41, 0x5a], [0x61, 0x7a])],
  ["ascii", setOf([0, 127])],
  ["blank", setOf([0x09, 0x09], [0x20, 0x20])],
  ["cntrl", setOf([0, 31], [127, 127])],
  ["digit", digit],
  ["graph", setOf([33, 126])],
  ["print", setOf([32, 126])],
  ["punct", setOf([33, 47], [58, 64], [91, 96], [123, 126])],
  ["space", space],
  ["word", word],
  ["xdigit", setOf([0x30, 0x39], [0x41, 0x46], [0x61, 0x66])],
]);
