import { Op, type PcreProgram, WORDS } from "./pcre-program.ts";
import { type ByteSet, wordBytes } from "./pcre-tree.ts";

/**
 * Runs a pattern's program by backtracking, as PCRE does, and counts steps: an instruction is one, and so is each byte
 * that a loop takes. At the limit it gives up. What to come back to stands on a stack of its own, four words an entry:
 *
 *   resume   place in the program, position
 *   undo     register, what it was
 *   shorter  loop's place, position, least position
 *   longer   loop's place, position, how many more it may take (-1: any number)
 */
const RESUME = 0;
const UNDO = 1;
const SHORTER = 2;
const LONGER = 3;
const entriesMax = 400_000;
/** Words of the stack that are kept from one search to the next. */
const keptWords = 4096;
/** Places where no match can begin cost this much less than a step. */
const skippedPerStep = 8;

export type MachineVerdict = "found" | "absent" | "limit";

export class PcreMachine {
  readonly #program: PcreProgram;
  /** Bytes that a match can begin with; `undefined` when it may be empty. */
  readonly #first: ByteSet | undefined;
  readonly #anchored: boolean;
  /** After a match: start and end of each group, -1 where it took no part. */
  readonly registers: Int32Array;
  #stack = new Int32Array(0);
  #top = 0;
  #steps = 0;
  #text = "";
  #searchStart = 0;
  /** Where `#comeBack` came back to. */
  #position = 0;

  constructor(program: PcreProgram, first: ByteSet | undefined, anchored: boolean) {
    this.#program = program;
    this.#first = first;
    this.#anchored = anchored;
    this.registers = new Int32Array(program.registers);
  }

  /** The first match at or after `from`. */
  find(text: string, from: number, stepsMax: number): MachineVerdict {
    this.#text = text;
    this.#searchStart = from;
    this.#steps = stepsMax;
    const last = this.#anchored ? from : text.length;
    let verdict: MachineVerdict = "absent";
    for (let start = this.#nextStart(from); start <= last && verdict === "absent"; start = this.#nextStart(start + 1)) {
      verdict = this.#steps < 0 ? "limit" : this.#attempt(start);
    }
    if (this.#stack.length > keptWords) this.#stack = new Int32Array(0);
    this.#text = "";
    return verdict;
  }

  /** The next place where a match can begin, or one beyond the text. */
  #nextStart(from: number): number {
    const first = this.#first;
    if (first === undefined) return from;
    const text = this.#text;
    let start = from;
    while (start < text.length && first[text.charCodeAt(start)] !== 1) start++;
    this.#steps -= Math.floor((start - from) / skippedPerStep);
    return start < text.length ? start : text.length + 1;
  }

  #attempt(start: number): MachineVerdict {
    const { code, sets } = this.#program;
    const { registers } = this;
    const text = this.#text;
    registers.fill(-1);
    this.#top = 0;
    let pc = 0;
    let at = start;
    for (;;) {
      if (--this.#steps < 0 || this.#top >= entriesMax * WORDS) return "limit";
      const a = code[pc + 1] as number;
      const b = code[pc + 2] as number;
      let next = pc + WORDS;
      switch (code[pc]) {
        case Op.set:
          if (at < text.length && (sets[a] as ByteSet)[text.charCodeAt(at)] === 1) at++;
          else next = -1;
          break;
        case Op.byte:
          if (at < text.length && (text.charCodeAt(at) | b) === a) at++;
          else next = -1;
          break;
        case Op.split:
          this.#push(RESUME, b, at, 0);
          next = a;
          break;
        case Op.jump:
          next = a;
          break;
        case Op.note:
          this.#setRegister(a, at);
          break;
        case Op.found:
          registers[0] = start;
          registers[1] = at;
          return "found";
        case Op.fail:
          next = -1;
          break;
        case Op.idle:
          if (registers[a] === at) next = b;
          break;
        default:
          at = this.#step(pc, at);
          if (at < 0) next = -1;
      }
      if (next >= 0) {
        pc = next;
        continue;
      }
      pc = this.#comeBack();
      if (pc < 0) return "absent";
      at = this.#position;
    }
  }

  /** An instruction that goes on at the next one: the position after it, or -1 when it fails. */
  #step(pc: number, at: number): number {
    const { code } = this.#program;
    const a = code[pc + 1] as number;
    const b = code[pc + 2] as number;
    switch (code[pc]) {
      case Op.many:
      case Op.all:
      case Op.few:
        return this.#takeSet(pc, at);
      case Op.place:
        return this.#isPlace(a, at) ? at : -1;
      case Op.mark:
        this.#setRegister(a, this.#top);
        return at;
      case Op.cut:
        this.#cut(this.registers[a] as number);
        return at;
      case Op.restore:
        return this.registers[a] as number;
      case Op.before:
        return at - a;
      case Op.group:
        this.#setRegister(2 * a, this.registers[b] as number);
        this.#setRegister(2 * a + 1, at);
        return at;
      default:
        return this.#again(a, b === 1, at);
    }
  }

  /** Takes back what was done since the last choice; where to go on, or -1. The position is in `#position`. */
  #comeBack(): number {
    const stack = this.#stack;
    while (this.#top > 0) {
      const entry = this.#top - WORDS;
      const a = stack[entry + 1] as number;
      const position = stack[entry + 2] as number;
      const c = stack[entry + 3] as number;
      switch (stack[entry]) {
        case UNDO:
          this.registers[a] = position;
          this.#top = entry;
          continue;
        case RESUME:
          this.#top = entry;
          this.#position = position;
          return a;
        case SHORTER:
          if (this.#giveBack(entry, a, position, c)) return a + WORDS;
          continue;
        default:
          if (this.#takeOneMore(entry, a, position, c)) return a + WORDS;
      }
    }
    return -1;
  }

  /** A loop gives back bytes, one at least, until what follows it can begin. */
  #giveBack(entry: number, pc: number, position: number, least: number): boolean {
    const { code, sets } = this.#program;
    const next = pc + WORDS;
    const a = code[next + 1] as number;
    let end = position - 1;
    if (code[next] === Op.set) {
      const follow = sets[a] as ByteSet;
      while (end >= least && follow[this.#text.charCodeAt(end)] !== 1) end--;
    } else if (code[next] === Op.byte) {
      const bits = code[next + 2] as number;
      while (end >= least && (this.#text.charCodeAt(end) | bits) !== a) end--;
    }
    this.#steps -= position - 1 - end;
    // The entry stays as long as the loop can give back another byte.
    if (end > least) this.#stack[entry + 2] = end;
    else this.#top = entry;
    this.#position = end;
    return end >= least;
  }

  #takeOneMore(entry: number, pc: number, position: number, left: number): boolean {
    const set = this.#program.sets[this.#program.code[pc + 1] as number] as ByteSet;
    this.#top = entry;
    if (position >= this.#text.length || set[this.#text.charCodeAt(position)] !== 1) return false;
    this.#position = position + 1;
    if (left !== 1) {
      this.#stack[entry + 2] = position + 1;
      this.#stack[entry + 3] = left < 0 ? -1 : left - 1;
      this.#top = entry + WORDS;
    }
    return true;
  }

  /** A loop over one set: where it ends at first, or -1. */
  #takeSet(pc: number, at: number): number {
    const { code, sets } = this.#program;
    const set = sets[code[pc + 1] as number] as ByteSet;
    const min = code[pc + 2] as number;
    const max = code[pc + 3] as number;
    const lazy = code[pc] === Op.few;
    const text = this.#text;
    const wanted = lazy ? min : max < 0 ? text.length : max;
    const stop = Math.min(text.length, at + wanted);
    let end = at;
    while (end < stop && set[text.charCodeAt(end)] === 1) end++;
    this.#steps -= end - at;
    if (end - at < min) return -1;
    if (lazy && max !== min) this.#push(LONGER, pc, end, max < 0 ? -1 : max - min);
    else if (code[pc] === Op.many && end > at + min) this.#push(SHORTER, pc, end, at + min);
    return end;
  }

  #push(kind: number, a: number, b: number, c: number): void {
    if (this.#top + WORDS > this.#stack.length) {
      const larger = new Int32Array(Math.max(64, this.#stack.length * 2));
      larger.set(this.#stack);
      this.#stack = larger;
    }
    const stack = this.#stack;
    stack[this.#top] = kind;
    stack[this.#top + 1] = a;
    stack[this.#top + 2] = b;
    stack[this.#top + 3] = c;
    this.#top += WORDS;
  }

  #setRegister(register: number, value: number): void {
    this.#push(UNDO, register, this.registers[register] as number, 0);
    this.registers[register] = value;
  }

  /** Drops the choices above a mark; what groups were stays, for when one comes back to before the mark. */
  #cut(mark: number): void {
    const stack = this.#stack;
    let kept = mark;
    for (let entry = mark; entry < this.#top; entry += WORDS) {
      this.#steps--;
      if (stack[entry] !== UNDO) continue;
      stack.copyWithin(kept, entry, entry + WORDS);
      kept += WORDS;
    }
    this.#top = kept;
  }

  #again(group: number, nocase: boolean, at: number): number {
    const from = this.registers[2 * group] as number;
    const to = this.registers[2 * group + 1] as number;
    const text = this.#text;
    if (from < 0 || to < from || at + to - from > text.length) return -1;
    this.#steps -= to - from;
    for (let i = 0; i < to - from; i++) {
      const [one, other] = [text.charCodeAt(from + i), text.charCodeAt(at + i)];
      if (one !== other && !(nocase && lower(one) === lower(other))) return -1;
    }
    return at + to - from;
  }

  #isPlace(place: number, at: number): boolean {
    const text = this.#text;
    const { length } = text;
    switch (place) {
      case 0:
        return at === 0;
      case 1:
        return at === length;
      case 2:
        return at === length || (at === length - 1 && text.charCodeAt(at) === NEWLINE);
      case 3:
        return at === 0 || (at < length && text.charCodeAt(at - 1) === NEWLINE);
      case 4:
        return at === length || text.charCodeAt(at) === NEWLINE;
      case 7:
        return at === this.#searchStart;
      default: {
        const before = at > 0 && wordBytes[text.charCodeAt(at - 1)] === 1;
        const after = at < length && wordBytes[text.charCodeAt(at)] === 1;
        return (before !== after) === (place === 5);
      }
    }
  }
}

const NEWLINE = 0x0a;
const lower = (byte: number): number => (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte);
