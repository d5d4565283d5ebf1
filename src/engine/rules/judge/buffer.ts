import { latin1 } from "#base/bytes.ts";
import { indexOfLiteral, literalStandsAt } from "#engine/match/search.ts";
import type { BufferTests, ByteTest, Content, PcreTest } from "#engine/rules/signature.ts";
import { decodeBase64 } from "./base64.ts";
import { ByteWords } from "./byte-words.ts";
import { ContentRange } from "./content-range.ts";
import { entropyHolds } from "./entropy.ts";
import type { Scratch } from "./scratch.ts";
import { sizeHolds } from "./size.ts";
import { specialHolds } from "./special.ts";

/**
 * Tests of one buffer that are begun, those begun again included; a buffer that needs more does not match, and is
 * counted. Suricata's `inspection-recursion-limit` has this value.
 */
export const inspectionStepsMax = 3_000;
/** Bytes that literals and patterns of one buffer are searched in, those searched again included; beyond it as above. */
export const inspectionBytesMax = 16_777_216;

const EMPTY = new Uint8Array(0);
/** Tests after which relative ones may go on from an earlier place than before. */
const movers: ReadonlySet<ByteTest["type"]> = new Set(["pcre", "byte_jump", "byte_extract", "byte_math"]);
const none: readonly BufferTests[] = [];
const noTests: BufferTests = { buffer: "", transforms: [], tests: [], absent: undefined, base64: undefined };

/**
 * Judges the tests of one buffer, in the order of the rule, as Suricata's content inspection does:
 *
 *     test 0 ──holds──► test 1 ──holds──► … ──► all hold
 *       ▲                 │ fails
 *       └─ next place ◄───┘
 *
 * A literal or pattern that something relative follows is searched for again behind its last place, when what follows
 * fails there. One that nothing relative follows is looked for once. A literal that is not relative and is nowhere ends
 * the search at once, since no other place of what stands before it changes that.
 *
 * One judge is reused; it holds no memory between two calls. It is not re-entrant.
 */
export class BufferJudge {
  readonly #range = new ContentRange();
  readonly #words = new ByteWords();
  /** Judges what was decoded; made when it is first needed. */
  #inner: BufferJudge | undefined = undefined;
  #decoded: readonly BufferTests[] = none;
  #tests: BufferTests = noTests;
  #bytes: Uint8Array = EMPTY;
  #from = 0;
  #to = 0;
  #steps = 0;
  #searched = 0;
  /** True once no other place of any literal can help. */
  #hopeless = false;
  /** Number of the last test of all literals and patterns that were found, whatever followed; -1 for none. */
  #deepest = -1;
  /** End of the furthest positive match on the way to the present test, from the array's beginning; -1 for none. */
  #newest = -1;
  /** True when all tests held, but with bytes that were judged before. */
  #tooOld = false;
  #text: string | undefined = undefined;
  /**
   * A literal without which the buffer judged last cannot match, and that stands nowhere from where it could up to the
   * buffer's end: when more bytes come behind it, all is as before until the literal stands in them or begins before
   * them. `undefined` when the tests held or failed otherwise.
   */
  missing: Content | undefined = undefined;

  /**
   * True when all tests hold for `bytes[from..to)`, which is read during the call. Transforms are applied before, by the
   * caller. `decoded` are the tests of `base64_data` that decode this buffer: they hold for what stands behind the match,
   * so a literal before them tries its next place when they fail. Given alone, as `tests`, they decode from where the
   * buffer that was judged last has matched.
   */
  match(
    tests: BufferTests,
    bytes: Uint8Array,
    from: number,
    to: number,
    scratch: Scratch,
    decoded: readonly BufferTests[] = none,
  ): boolean {
    this.missing = undefined;
    if (tests.absent === "only") return false;
    this.#decoded = decoded;
    return tests.base64 === undefined ? this.#judge(tests, bytes, from, to, scratch) : this.#decode(tests, bytes, from, to, scratch);
  }

  #decode(tests: BufferTests, bytes: Uint8Array, from: number, to: number, scratch: Scratch): boolean {
    const { base64 } = tests;
    const start = from + (base64?.offset ?? 0) + (base64?.relative === true ? scratch.position : 0);
    if (start < from) return false;
    const text = decodeBase64(bytes, start, Math.min(to, start + (base64?.bytes ?? to)), "rfc4648");
    if (text.length === 0) return false;
    const { minimumEnd, precedingBytes } = scratch;
    scratch.minimumEnd = 0;
    scratch.precedingBytes = 0;
    const holds = this.#judge(tests, text, 0, text.length, scratch);
    this.missing = undefined;
    scratch.minimumEnd = minimumEnd;
    scratch.precedingBytes = precedingBytes;
    return holds;
  }

  #judge(tests: BufferTests, bytes: Uint8Array, from: number, to: number, scratch: Scratch): boolean {
    this.#tests = tests;
    this.#bytes = bytes;
    this.#from = from;
    this.#to = to;
    this.#steps = 0;
    this.#searched = 0;
    this.#hopeless = false;
    this.#deepest = -1;
    this.#newest = -1;
    this.#tooOld = false;
    this.#text = undefined;
    scratch.position = 0;
    const { placeCount, captureCount } = scratch;
    const holds = this.#step(0, scratch);
    if (holds) this.missing = undefined;
    else {
      scratch.placeCount = placeCount;
      scratch.captureCount = captureCount;
      if (this.#steps > inspectionStepsMax || this.#searched > inspectionBytesMax) scratch.givenUp++;
    }
    this.#tests = noTests;
    this.#decoded = none;
    this.#bytes = EMPTY;
    this.#text = undefined;
    return holds;
  }

  /** True when test `index` and all behind it hold. */
  #step(index: number, scratch: Scratch): boolean {
    const test = this.#tests.tests[index];
    if (test === undefined) return this.#isNew(scratch) && this.#allDecoded(scratch);
    if (++this.#steps > inspectionStepsMax || this.#searched > inspectionBytesMax) {
      this.#hopeless = true;
      return false;
    }
    if (test.type === "content") return test.negated ? this.#negated(test, index, scratch) : this.#content(test, index, scratch);
    if (test.type === "pcre") return test.negated ? this.#negatedPattern(test, index, scratch) : this.#pattern(test, index, scratch);
    return this.#holds(test, scratch) && this.#step(index + 1, scratch);
  }

  /** Words that either hold or not, whatever follows. */
  #holds(test: Exclude<ByteTest, Content | PcreTest>, scratch: Scratch): boolean {
    const bytes = this.#bytes;
    const from = this.#from;
    const to = this.#to;
    switch (test.type) {
      case "byte_test":
        return this.#words.test(test, bytes, from, to, scratch);
      case "byte_jump":
        return this.#words.jump(test, bytes, from, to, scratch);
      case "byte_extract":
        return this.#words.extract(test, bytes, from, to, scratch);
      case "byte_math":
        return this.#words.math(test, bytes, from, to, scratch);
      case "isdataat":
        return this.#words.isDataAt(test, to - from, scratch);
      case "bsize":
        return this.#fatal(sizeHolds(test.test, to - from + scratch.precedingBytes, scratch));
      case "entropy":
        return this.#fatal(entropyHolds(test, bytes, from, to));
      case "dataset":
      case "datarep":
        return this.#fatal(setHolds(test, bytes, from, to, scratch));
      default:
        return this.#fatal(specialHolds(test.name, test.values, bytes, from, to, scratch));
    }
  }

  /** A word about the whole buffer: when it fails, it fails everywhere. */
  #fatal(holds: boolean): boolean {
    if (!holds) this.#hopeless = true;
    return holds;
  }

  #content(test: Content, index: number, scratch: Scratch): boolean {
    const range = this.#range;
    const searchable = range.set(test, this.#to - this.#from, scratch);
    const high = this.#from + range.high;
    let low = this.#from + range.low;
    const again = this.#isFollowed(index);
    let tried = false;
    for (let at = searchable ? this.#find(test, low, high) : -1; at >= 0; at = this.#find(test, low, high)) {
      tried = true;
      const end = at + test.literal.length;
      if (this.#matched(index, at, end, scratch)) return true;
      if (this.#hopeless) return false;
      low = at + 1;
      if (!again) {
        // All held, but with old bytes alone: the literal may stand in the new ones too.
        if (!this.#tooOld || end > scratch.minimumEnd) return false;
        low = Math.max(low, scratch.minimumEnd - test.literal.length + 1);
      }
    }
    if (!tried) this.#isNowhere(test, index);
    return false;
  }

  /** The literal was not found at all. Without an end to its range, it is not found from further places either. */
  #isNowhere(test: Content, index: number): void {
    if (test.relative && (test.within !== undefined || !this.#isOrdered(index))) return;
    this.#hopeless = true;
    if (this.#deepest < index && this.#isLasting(test, index)) this.missing = test;
  }

  /** True when more bytes alone change nothing of where test `index` is looked for: numbers are fixed, literals go before. */
  #isLasting(test: Content, index: number): boolean {
    if (!test.relative) return test.depth === undefined && isFixed(test);
    const { tests } = this.#tests;
    for (let i = 0; i <= index; i++) {
      const before = tests[i] as ByteTest;
      if (before.type !== "content" || before.negated || !isFixed(before)) return false;
    }
    return true;
  }

  /** True when test `index` goes on from places that come in rising order: nothing before it jumps or is a pattern. */
  #isOrdered(index: number): boolean {
    const { tests } = this.#tests;
    for (let i = 0; i < index; i++) {
      const test = tests[i] as ByteTest;
      if (movers.has(test.type) && !("negated" in test && test.negated)) return false;
    }
    return true;
  }

  /** True when what stands behind test `index` holds with its match at `at`; else everything is as before. */
  #matched(index: number, at: number, end: number, scratch: Scratch): boolean {
    const { placeCount, captureCount } = scratch;
    const newest = this.#newest;
    if (index > this.#deepest) this.#deepest = index;
    scratch.position = end - this.#from;
    scratch.addPlace(this.#tests.buffer, at - this.#from, end - at);
    this.#newest = Math.max(newest, end);
    if (this.#step(index + 1, scratch)) return true;
    this.#newest = newest;
    scratch.placeCount = placeCount;
    scratch.captureCount = captureCount;
    return false;
  }

  #negated(test: Content, index: number, scratch: Scratch): boolean {
    const range = this.#range;
    const searchable = range.set(test, this.#to - this.#from, scratch);
    if (searchable && this.#find(test, this.#from + range.low, this.#from + range.high) >= 0) {
      if (!test.relative) this.#hopeless = true;
      return false;
    }
    return this.#step(index + 1, scratch);
  }

  /** Where the literal stands in `[low..high)`, from the array's beginning. */
  #find(test: Content, low: number, high: number): number {
    const { literal, nocase } = test;
    if (low + literal.length > high) return -1;
    if (test.endswith) {
      const at = this.#to - literal.length;
      return high === this.#to && at >= low && literalStandsAt(this.#bytes, at, literal, nocase) ? at : -1;
    }
    const at = indexOfLiteral(this.#bytes, low, high, literal, nocase);
    this.#searched += (at < 0 ? high : at) - low;
    return at;
  }

  #pattern(test: PcreTest, index: number, scratch: Scratch): boolean {
    const base = test.relative ? scratch.position : 0;
    const subject = this.#subject(base);
    const again = this.#isFollowed(index);
    let start = 0;
    while (start <= subject.length) {
      const found = test.compiled.find(subject, start);
      this.#searched += subject.length - start;
      if (found === undefined) return false;
      const end = this.#from + base + found.end;
      const captureCount = scratch.captureCount;
      for (const { scope, name, group } of test.captures) {
        const value = found.groups[group];
        if (value !== undefined) scratch.addCapture(scope, name, value);
      }
      if (this.#matched(index, this.#from + base + found.index, end, scratch)) return true;
      scratch.captureCount = captureCount;
      if (this.#hopeless) return false;
      start = found.index + 1;
      if (!again) {
        if (!this.#tooOld || end > scratch.minimumEnd) return false;
        this.#tooOld = false;
      }
    }
    return false;
  }

  #negatedPattern(test: PcreTest, index: number, scratch: Scratch): boolean {
    const subject = this.#subject(test.relative ? scratch.position : 0);
    this.#searched += subject.length;
    return test.compiled.find(subject, 0) === undefined && this.#step(index + 1, scratch);
  }

  #subject(base: number): string {
    this.#text ??= latin1(this.#bytes, this.#from, this.#to);
    return base === 0 ? this.#text : this.#text.slice(base);
  }

  /** True when a relative word goes on from the match of test `index`: one before the next literal or pattern, or that one. */
  #isFollowed(index: number): boolean {
    const { tests } = this.#tests;
    for (let i = index + 1; i < tests.length; i++) {
      const next = tests[i] as ByteTest;
      if ("relative" in next && next.relative) return true;
      if (next.type === "content" || next.type === "pcre") return false;
    }
    return false;
  }

  /** True when all that decodes this buffer holds behind the present match. */
  #allDecoded(scratch: Scratch): boolean {
    if (this.#decoded.length === 0) return true;
    this.#inner ??= new BufferJudge();
    const { position } = scratch;
    for (const tests of this.#decoded) {
      scratch.position = position;
      if (!this.#inner.match(tests, this.#bytes, this.#from, this.#to, scratch)) return false;
    }
    return true;
  }

  #isNew(scratch: Scratch): boolean {
    if (scratch.minimumEnd <= this.#from || this.#newest < 0 || this.#newest > scratch.minimumEnd) return true;
    this.#tooOld = true;
    return false;
  }
}

/** True when no number of the literal's range is read out of the bytes. */
const isFixed = ({ offset, depth, distance, within }: Content): boolean =>
  typeof offset !== "object" && typeof depth !== "object" && typeof distance !== "object" && typeof within !== "object";

/** What a rule sets must not be there yet, what it takes away must be; the sets change when the whole rule holds. */
function setHolds(
  test: Extract<ByteTest, { type: "dataset" | "datarep" }>,
  bytes: Uint8Array,
  from: number,
  to: number,
  scratch: Scratch,
): boolean {
  const { datasets } = scratch;
  if (datasets === undefined) return false;
  if (test.type === "datarep") {
    const value = datasets.reputation(test.name, bytes, from, to);
    if (value === undefined) return false;
    return test.operator === "<" ? value < test.value : test.operator === ">" ? value > test.value : value === test.value;
  }
  switch (test.check) {
    case "isset":
    case "unset":
      return datasets.has(test.name, bytes, from, to);
    default:
      return !datasets.has(test.name, bytes, from, to);
  }
}
