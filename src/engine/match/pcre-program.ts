import { fixedWidth, nullable } from "./pcre-measure.ts";
import type { ByteSet, PcreNode, PcreTree, PlaceName, SetNode } from "./pcre-tree.ts";

/**
 * A pattern as instructions for a machine that backtracks (`pcre-machine.ts`). An instruction has four words: what to do,
 * and up to three numbers.
 */
export const Op = {
  /** Takes one byte of set a. */
  set: 0,
  /** Goes on at a; when that fails, at b. */
  split: 1,
  jump: 2,
  /** Notes the position in register a. */
  note: 3,
  /** Takes a set many times: a set, b least, c most (-1: any number); as many as possible. */
  many: 4,
  /** The same, as few as possible. */
  few: 5,
  /** The same as `many`, and gives none back. */
  all: 6,
  /** Goes on only at place a. */
  place: 7,
  /** Notes how much there is to come back to, in register a. */
  mark: 8,
  /** Forgets what has come since the mark in register a. */
  cut: 9,
  /** Goes back to the position in register a. */
  restore: 10,
  /** Goes back by a bytes, if there are so many. */
  before: 11,
  fail: 12,
  /** Goes to b when nothing was taken since register a was noted. */
  idle: 13,
  /** What group a matched, again; b: without case. */
  back: 14,
  found: 15,
  /** Group a is what was taken since the position in register b. */
  group: 16,
  /** Takes the byte that is a once the bits of b are set: 0, or 0x20 for a letter of either case. */
  byte: 17,
} as const;

export const WORDS = 4;
export const placeNumbers: Readonly<Record<PlaceName, number>> = {
  start: 0,
  end: 1,
  "end-or-newline": 2,
  "line-start": 3,
  "line-end": 4,
  word: 5,
  "not-word": 6,
  "search-start": 7,
};

export interface PcreProgram {
  readonly code: Int32Array;
  readonly sets: readonly ByteSet[];
  /** Registers: two for each group (the whole is group 0), then those of marks and loops. */
  readonly registers: number;
}

/** Instructions of one pattern; counted repetitions are written out. */
const instructionsMax = 20_000;

/** The program, or `undefined` when it would be longer than is sensible. */
export function writeProgram({ root, groups }: PcreTree): PcreProgram | undefined {
  const writer = new ProgramWriter(groups);
  writer.write(root);
  writer.add(Op.found);
  return writer.finish();
}

class ProgramWriter {
  readonly #code: number[] = [];
  readonly #sets: ByteSet[] = [];
  readonly #setNumbers = new Map<ByteSet, number>();
  #registers: number;
  #tooLong = false;

  constructor(groups: number) {
    this.#registers = 2 * (groups + 1);
  }

  finish(): PcreProgram | undefined {
    return this.#tooLong ? undefined : { code: Int32Array.from(this.#code), sets: this.#sets, registers: this.#registers };
  }

  /** Returns where the instruction is, for those that are completed later. */
  add(op: number, a = 0, b = 0, c = 0): number {
    if (this.#code.length >= instructionsMax * WORDS) {
      this.#tooLong = true;
      return 0;
    }
    return this.#code.push(op, a, b, c) - WORDS;
  }

  write(node: PcreNode): void {
    if (this.#tooLong) return;
    switch (node.kind) {
      case "set":
        this.#set(node);
        return;
      case "sequence":
        for (const part of node.parts) this.write(part);
        return;
      case "choice":
        this.#choice(node.ways, (way) => this.write(way));
        return;
      case "group":
        this.#group(node);
        return;
      case "atomic":
        this.#atomic(node.body);
        return;
      case "look":
        this.#look(node);
        return;
      case "place":
        this.add(Op.place, placeNumbers[node.place]);
        return;
      case "back":
        this.add(Op.back, node.group, node.nocase ? 1 : 0);
        return;
      case "repeat":
        this.#repeat(node);
        return;
    }
  }

  #set({ set, byte, bits }: SetNode): void {
    if (byte >= 0) this.add(Op.byte, byte, bits);
    else this.add(Op.set, this.#setNumber(set));
  }

  get #here(): number {
    return this.#code.length;
  }

  #choice(ways: readonly PcreNode[], write: (way: PcreNode) => void): void {
    const exits: number[] = [];
    ways.forEach((way, i) => {
      if (i === ways.length - 1) {
        write(way);
        return;
      }
      const split = this.add(Op.split);
      this.#aim(split, 1, this.#here);
      write(way);
      exits.push(this.add(Op.jump));
      this.#aim(split, 2, this.#here);
    });
    for (const exit of exits) this.#aim(exit, 1, this.#here);
  }

  /** The start waits in a register of its own: inside a group, a reference to it means what it matched before. */
  #group({ index, body }: PcreNode & { kind: "group" }): void {
    const start = this.#registers++;
    this.add(Op.note, start);
    this.write(body);
    this.add(Op.group, index, start);
  }

  #atomic(body: PcreNode): void {
    const register = this.#registers++;
    this.add(Op.mark, register);
    this.write(body);
    this.add(Op.cut, register);
  }

  #look({ ahead, negative, body }: PcreNode & { kind: "look" }): void {
    const mark = this.#registers++;
    const position = this.#registers++;
    this.add(Op.mark, mark);
    const split = negative ? this.add(Op.split) : -1;
    if (negative) this.#aim(split, 1, this.#here);
    this.add(Op.note, position);
    if (ahead) this.write(body);
    else
      this.#choice(body.kind === "choice" ? body.ways : [body], (way) => {
        this.add(Op.before, fixedWidth(way) ?? 0);
        this.write(way);
      });
    this.add(Op.cut, mark);
    if (negative) {
      this.add(Op.fail);
      this.#aim(split, 2, this.#here);
    } else this.add(Op.restore, position);
  }

  #repeat(node: PcreNode & { kind: "repeat" }): void {
    const { body, min, max, mode } = node;
    if (body.kind === "set") {
      const op = mode === "greedy" ? Op.many : mode === "lazy" ? Op.few : Op.all;
      this.add(op, this.#setNumber(body.set), min, max === Number.POSITIVE_INFINITY ? -1 : max);
      return;
    }
    if (mode === "possessive") {
      this.#atomic({ ...node, mode: "greedy" });
      return;
    }
    const endless = max === Number.POSITIVE_INFINITY;
    // The last turn that must be belongs to the loop: when it takes nothing, PCRE makes no other.
    const alone = endless ? min - 1 : min;
    for (let i = 0; i < alone && !this.#tooLong; i++) this.write(body);
    if (endless) {
      this.#loop(body, mode === "lazy", min === 0);
      return;
    }
    const exits: number[] = [];
    for (let i = min; i < max && !this.#tooLong; i++) {
      const split = this.add(Op.split);
      this.#aim(split, mode === "lazy" ? 2 : 1, this.#here);
      exits.push(split);
      this.write(body);
    }
    for (const exit of exits) this.#aim(exit, mode === "lazy" ? 1 : 2, this.#here);
  }

  /** One turn or more, or any number. A turn that takes nothing is the last one, as in PCRE. */
  #loop(body: PcreNode, lazy: boolean, optional: boolean): void {
    const [again, out] = lazy ? [2, 1] : [1, 2];
    const exits: number[] = [];
    if (optional) {
      const split = this.add(Op.split);
      this.#aim(split, again, this.#here);
      exits.push(split);
    }
    const start = this.#here;
    const register = nullable(body) ? this.#registers++ : -1;
    if (register >= 0) this.add(Op.note, register);
    this.write(body);
    const idle = register >= 0 ? this.add(Op.idle, register) : -1;
    const split = this.add(Op.split);
    this.#aim(split, again, start);
    exits.push(split);
    if (idle >= 0) this.#aim(idle, 2, this.#here);
    for (const exit of exits) this.#aim(exit, out, this.#here);
  }

  /** Completes an instruction: its number `which` becomes a place in the program. */
  #aim(at: number, which: number, target: number): void {
    this.#code[at + which] = target;
  }

  #setNumber(set: ByteSet): number {
    const known = this.#setNumbers.get(set);
    if (known !== undefined) return known;
    this.#setNumbers.set(set, this.#sets.length);
    return this.#sets.push(set) - 1;
  }
}
