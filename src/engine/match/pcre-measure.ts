import { type ByteSet, include, overlap, type PcreNode, type PcreTree } from "./pcre-tree.ts";

/** Bytes that the node always matches; `undefined` when that varies. */
export function fixedWidth(node: PcreNode): number | undefined {
  switch (node.kind) {
    case "set":
      return 1;
    case "place":
    case "look":
      return 0;
    case "group":
    case "atomic":
      return fixedWidth(node.body);
    case "back":
      return undefined;
    case "repeat": {
      const width = fixedWidth(node.body);
      return width === undefined || node.min !== node.max ? undefined : width * node.min;
    }
    case "sequence": {
      let sum = 0;
      for (const part of node.parts) {
        const width = fixedWidth(part);
        if (width === undefined) return undefined;
        sum += width;
      }
      return sum;
    }
    default: {
      const widths = node.ways.map(fixedWidth);
      return widths.every((width) => width === widths[0]) ? widths[0] : undefined;
    }
  }
}

/** True when it may match no byte at all. */
export function nullable(node: PcreNode): boolean {
  switch (node.kind) {
    case "set":
      return false;
    case "place":
    case "look":
    case "back":
      return true;
    case "group":
    case "atomic":
      return nullable(node.body);
    case "repeat":
      return node.min === 0 || nullable(node.body);
    case "sequence":
      return node.parts.every(nullable);
    default:
      return node.ways.some(nullable);
  }
}

/** Adds to `set` every byte that a match of the node may begin with. */
export function addFirst(node: PcreNode, set: ByteSet): void {
  switch (node.kind) {
    case "set":
      include(set, node.set);
      return;
    case "place":
    case "look":
      return;
    case "back":
      set.fill(1);
      return;
    case "group":
    case "atomic":
      addFirst(node.body, set);
      return;
    case "repeat":
      if (node.max > 0) addFirst(node.body, set);
      return;
    case "sequence":
      for (const part of node.parts) {
        addFirst(part, set);
        if (!nullable(part)) return;
      }
      return;
    case "choice":
      for (const way of node.ways) addFirst(way, set);
  }
}

export function firstBytes(node: PcreNode): ByteSet {
  const set = new Uint8Array(256);
  addFirst(node, set);
  return set;
}

/** More repetitions than this count as any number. */
const fewMax = 16;
/** Ways to go wrong that do not depend on the text, as a power of two. */
const forksMax = 8;
/** A pattern of up to so many steps is taken for one. */
const shortSteps = 256;
/** Steps that a backtracking engine that counts none may take in the worst case. */
const uncountedStepsMax = 2 ** 24;

/**
 * Length of text up to which an engine that backtracks without counting is harmless for this pattern, by the worst case
 * that the pattern's form allows: 0 when that is exponential, or when such an engine would give another answer than PCRE.
 * Each loop whose end is not clear from the next byte multiplies the work by the length of the text.
 */
export function uncountedLengthMax({ root, anchored }: PcreTree): number {
  const cost = new WorstCase();
  if (!cost.visit(root, new Uint8Array(256), 1) || cost.forks > forksMax) return 0;
  const loops = cost.open + (cost.loops > 0 ? 1 : 0);
  const degree = loops + (anchored || startsAtStart(root) ? 0 : 1);
  const steps = straightSteps(root);
  if (degree <= 1 && steps <= shortSteps) return Number.POSITIVE_INFINITY;
  return Math.round((uncountedStepsMax / 2 ** cost.forks / Math.max(1, steps / shortSteps)) ** (1 / Math.max(1, degree)));
}

/** Steps through the pattern, its short repetitions written out, each loop being one. */
function straightSteps(node: PcreNode): number {
  switch (node.kind) {
    case "sequence":
      return node.parts.reduce((sum, part) => sum + straightSteps(part), 0);
    case "choice":
      return node.ways.reduce((sum, way) => sum + straightSteps(way), 0);
    case "group":
    case "atomic":
    case "look":
      return straightSteps(node.body);
    case "repeat":
      return node.max <= fewMax ? node.max * straightSteps(node.body) : straightSteps(node.body);
    default:
      return 1;
  }
}

const startsAtStart = (node: PcreNode): boolean => {
  if (node.kind === "place") return node.place === "start";
  if (node.kind === "sequence") return node.parts[0] !== undefined && startsAtStart(node.parts[0]);
  if (node.kind === "group" || node.kind === "atomic") return startsAtStart(node.body);
  return node.kind === "choice" && node.ways.every(startsAtStart);
};

class WorstCase {
  /** Loops of any number of turns. */
  loops = 0;
  /** Those of them whose end is unclear, the last loop left out: it ends the multiplication. */
  open = 0;
  /** Ways to choose anew that are bounded by the pattern, as a power of two. */
  forks = 0;
  #lastUnclear = false;

  /** `follow`: bytes that may come after the node. False when the worst case is out of bounds. `times` it is repeated. */
  visit(node: PcreNode, follow: ByteSet, times: number): boolean {
    switch (node.kind) {
      case "set":
        return true;
      case "place":
        return node.place !== "search-start";
      case "back":
        return false;
      case "group":
      case "atomic":
        return this.visit(node.body, follow, times);
      case "look":
        return this.visit(node.body, new Uint8Array(256), times);
      case "sequence":
        return node.parts.every((part, i) => this.visit(part, followOf(node.parts, i, follow), times));
      case "choice":
        if (waysOverlap(node.ways)) this.forks += Math.ceil(Math.log2(node.ways.length)) * times;
        return node.ways.every((way) => this.visit(way, follow, times));
      default:
        return this.#repeat(node, follow, times);
    }
  }

  #repeat({ body, min, max }: PcreNode & { kind: "repeat" }, follow: ByteSet, times: number): boolean {
    if (max === 0) return true;
    const first = firstBytes(body);
    const unclear = overlap(first, follow);
    // Turns that match nothing, and groups of the turns before, are treated differently in JavaScript.
    if ((nullable(body) || hasGroup(body)) && !(min === 1 && max === 1) && !(max === 1 && !nullable(body))) return false;
    if (max <= fewMax) {
      if (unclear) this.forks += (max - min) * times > 0 ? Math.ceil(Math.log2(max - min + 1)) * times : 0;
      const inside = first.slice();
      include(inside, follow);
      return this.visit(body, inside, times * max);
    }
    if (body.kind !== "set" && !isPlain(body)) return false;
    if (this.#lastUnclear) this.open++;
    if (unclear) this.open += times - 1;
    this.#lastUnclear = unclear;
    this.loops += times;
    return true;
  }
}

function hasGroup(node: PcreNode): boolean {
  switch (node.kind) {
    case "group":
      return true;
    case "sequence":
      return node.parts.some(hasGroup);
    case "choice":
      return node.ways.some(hasGroup);
    case "atomic":
    case "look":
    case "repeat":
      return hasGroup(node.body);
    default:
      return false;
  }
}

/** What may come after a part of a sequence. */
function followOf(parts: readonly PcreNode[], index: number, follow: ByteSet): ByteSet {
  const set = new Uint8Array(256);
  for (const part of parts.slice(index + 1)) {
    addFirst(part, set);
    if (!nullable(part)) return set;
  }
  include(set, follow);
  return set;
}

function waysOverlap(ways: readonly PcreNode[]): boolean {
  const seen = new Uint8Array(256);
  return ways.some((way) => {
    const first = firstBytes(way);
    if (nullable(way) || overlap(first, seen)) return true;
    include(seen, first);
    return false;
  });
}

/** True when a text can be matched in one way only: nothing inside varies in length, and choices differ in their first byte. */
function isPlain(node: PcreNode): boolean {
  switch (node.kind) {
    case "set":
      return true;
    case "sequence":
      return node.parts.every(isPlain);
    case "choice":
      return !waysOverlap(node.ways) && node.ways.every(isPlain);
    case "group":
      return isPlain(node.body);
    case "repeat":
      return node.min === node.max && node.max <= fewMax && isPlain(node.body);
    default:
      return false;
  }
}
