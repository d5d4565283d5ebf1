import { PlayerNumbers, places, sections, welford } from "#engine/bots/player-numbers.ts";
import { type GameOpcode, type GameOpcodes, opcodesMax } from "./game-opcodes.ts";

/** Opcodes that are counted for one player; packets of further ones are only counted together. */
const slotsMax = 48;
/** Steps that are counted for one player. */
const stepsMax = 64;
/** Fields that are numbers and counted for one player, over all opcodes. */
const fieldsMax = 64;
/** Fields of one opcode that are counted. */
export const opcodeFieldsMax = 6;

const PACKETS = places.packets;
// Row of an opcode. Behind each mean stands the sum of squared differences from it.
const COUNT = 0;
const LAST = 1;
const GAP_MEAN = 2;
const SIZE_MEAN = 4;
/** Gaps that were measured: the time between two sessions is none. */
const GAPS = 6;
/** The opcode's index (10 bits), one more than its first row of fields (7 bits), and packets of the interval that runs. */
const WHAT = 7;
const ROW = 8;
const indexMask = opcodesMax - 1;
const fieldsShift = opcodesMax;
const fieldsMask = 127;
const recentUnit = opcodesMax * (fieldsMask + 1);
// Row of a field.
const SEEN = 0;
const MEAN = 1;
const MIN = 3;
const MAX = 4;
const FIELD_ROW = 5;

/** A step is both opcodes' indices (20 bits) and how often it was taken, in one number. */
const stepUnit = opcodesMax * opcodesMax;

export interface Spread {
  readonly mean: number;
  readonly stddev: number;
}

export interface FieldSpread extends Spread {
  readonly name: string;
  readonly min: number;
  readonly max: number;
}

export interface OpcodeCounts {
  readonly opcode: GameOpcode;
  readonly count: number;
  /** Of these, in the interval that runs. */
  readonly recent: number;
  /** Times between packets, seconds; absent before the third packet. */
  readonly gap?: Spread;
  /** Bytes. */
  readonly size: Spread;
  readonly fields: readonly FieldSpread[];
}

export interface StepCounts {
  readonly from: GameOpcode;
  readonly to: GameOpcode;
  readonly count: number;
}

/**
 * Counts of one player: opcodes of both directions, steps between those that it sends, and numbers in their fields, by
 * Welford's method. Rows in the player's numbers that grow with what it uses: about 2 KB for twenty opcodes.
 */
export class PlayerStatistics {
  /** Packets and steps that found no room. */
  refused = 0;
  readonly #opcodes: GameOpcodes;
  readonly #numbers: PlayerNumbers;
  /** Index of the opcode that the player sent last; -1 before the first. */
  #last = -1;

  constructor(opcodes: GameOpcodes, numbers = new PlayerNumbers()) {
    this.#opcodes = opcodes;
    this.#numbers = numbers;
  }

  /** Of the client and of the server. */
  get packets(): readonly [number, number] {
    const { all } = this.#numbers;
    return [all[PACKETS] as number, all[PACKETS + 1] as number];
  }

  /** One packet. `numbers` holds the first `count` numbers of its fields. `time` in µs. */
  packet(opcode: GameOpcode, time: number, size: number, numbers: Float64Array, count: number): void {
    const counts = this.#numbers.all;
    if (counts[PACKETS] === 0 && counts[PACKETS + 1] === 0) this.#opcodes.players++;
    counts[PACKETS + opcode.side] = (counts[PACKETS + opcode.side] as number) + 1;
    opcode.packets++;
    if (opcode.side === 0) {
      this.#opcodes.packets++;
      this.#step(opcode);
    }
    const slot = this.#slot(opcode, count);
    if (slot < 0) return;
    const { all } = this.#numbers;
    const at = this.#numbers.from(sections.opcodes) + slot * ROW;
    const seen = (all[at + COUNT] as number) + 1;
    all[at + COUNT] = seen;
    const what = all[at + WHAT] as number;
    all[at + WHAT] = what + recentUnit;
    if (seen > 1) this.#gap(at, time);
    all[at + LAST] = time;
    welford(all, at + SIZE_MEAN, seen, size);
    const from = fieldsFrom(what);
    if (from >= 0) for (let i = 0; i < count; i++) this.#field(from + i, numbers[i] as number);
  }

  #gap(at: number, time: number): void {
    const rows = this.#numbers.all;
    const last = rows[at + LAST] as number;
    if (Number.isNaN(last)) return;
    const gaps = (rows[at + GAPS] as number) + 1;
    rows[at + GAPS] = gaps;
    welford(rows, at + GAP_MEAN, gaps, (time - last) / 1e6);
  }

  /** The player comes back in another session: nothing follows on what it did before. */
  returns(): void {
    this.#last = -1;
    const { all } = this.#numbers;
    const end = this.#numbers.from(sections.opcodes + 1);
    for (let at = this.#numbers.from(sections.opcodes); at < end; at += ROW) all[at + LAST] = Number.NaN;
  }

  /** Begins a new interval: what was sent until now is the past. */
  interval(): void {
    const { all } = this.#numbers;
    const end = this.#numbers.from(sections.opcodes + 1);
    for (let at = this.#numbers.from(sections.opcodes); at < end; at += ROW) all[at + WHAT] = (all[at + WHAT] as number) % recentUnit;
  }

  /** The most frequent first. */
  opcodes(): OpcodeCounts[] {
    return Array.from({ length: this.#numbers.room(sections.opcodes) / ROW }, (_, slot) => this.#counts(slot)).toSorted(
      (a, b) => b.count - a.count || a.opcode.index - b.opcode.index,
    );
  }

  /** The most frequent first. */
  steps(): StepCounts[] {
    const from = this.#numbers.from(sections.steps);
    const steps = this.#numbers.all.subarray(from, this.#numbers.from(sections.steps + 1));
    return Array.from(steps, (step) => ({
      from: this.#opcodes.at(((step | 0) >>> 10) & indexMask),
      to: this.#opcodes.at((step | 0) & indexMask),
      count: Math.floor(step / stepUnit),
    })).toSorted((a, b) => b.count - a.count || a.from.index - b.from.index || a.to.index - b.to.index);
  }

  #counts(slot: number): OpcodeCounts {
    const rows = this.#numbers.all;
    const at = this.#numbers.from(sections.opcodes) + slot * ROW;
    const what = rows[at + WHAT] as number;
    const opcode = this.#opcodes.at((what | 0) & indexMask);
    const count = rows[at + COUNT] as number;
    const from = fieldsFrom(what);
    const gaps = rows[at + GAPS] as number;
    return {
      opcode,
      count,
      recent: Math.floor(what / recentUnit),
      ...(gaps > 1 && { gap: spread(rows, at + GAP_MEAN, gaps) }),
      size: spread(rows, at + SIZE_MEAN, count),
      fields: from < 0 ? [] : opcode.numbers.slice(0, opcodeFieldsMax).flatMap((name, i) => this.#fieldSpread(name, from + i)),
    };
  }

  #fieldSpread(name: string, row: number): FieldSpread[] {
    const at = this.#numbers.from(sections.fields) + row * FIELD_ROW;
    const fields = this.#numbers.all;
    const seen = at < this.#numbers.from(sections.fields + 1) ? (fields[at + SEEN] as number) : 0;
    if (seen === 0) return [];
    return [{ name, ...spread(fields, at + MEAN, seen), min: fields[at + MIN] as number, max: fields[at + MAX] as number }];
  }

  #slot(opcode: GameOpcode, fields: number): number {
    const { index } = opcode;
    const { all } = this.#numbers;
    const from = this.#numbers.from(sections.opcodes);
    const used = this.#numbers.room(sections.opcodes) / ROW;
    for (let slot = 0; slot < used; slot++) if ((((all[from + slot * ROW + WHAT] as number) | 0) & indexMask) === index) return slot;
    if (used >= slotsMax) {
      this.refused++;
      return -1;
    }
    const rows = this.#fieldRows(Math.min(fields, opcodeFieldsMax));
    const at = this.#numbers.grow(sections.opcodes, ROW);
    this.#numbers.all[at + WHAT] = index + (rows + 1) * fieldsShift;
    opcode.players++;
    return used;
  }

  /** Makes room for that many fields; -1 when there is none. */
  #fieldRows(count: number): number {
    const used = this.#numbers.room(sections.fields) / FIELD_ROW;
    if (count === 0 || used + count > fieldsMax) return -1;
    this.#numbers.grow(sections.fields, count * FIELD_ROW);
    return used;
  }

  #field(row: number, value: number): void {
    if (!Number.isFinite(value)) return;
    const fields = this.#numbers.all;
    const at = this.#numbers.from(sections.fields) + row * FIELD_ROW;
    if (at >= this.#numbers.from(sections.fields + 1)) return;
    const seen = (fields[at + SEEN] as number) + 1;
    fields[at + SEEN] = seen;
    welford(fields, at + MEAN, seen, value);
    if (seen === 1 || value < (fields[at + MIN] as number)) fields[at + MIN] = value;
    if (seen === 1 || value > (fields[at + MAX] as number)) fields[at + MAX] = value;
  }

  #step(opcode: GameOpcode): void {
    const from = this.#last;
    this.#last = opcode.index;
    if (from < 0) return;
    const step = this.#opcodes.step(from, opcode.index);
    if (step === undefined) return;
    step.count++;
    this.#opcodes.steps++;
    const key = from * opcodesMax + opcode.index;
    const { all } = this.#numbers;
    const end = this.#numbers.from(sections.steps + 1);
    for (let at = this.#numbers.from(sections.steps); at < end; at++) {
      const taken = all[at] as number;
      if (((taken | 0) & (stepUnit - 1)) !== key) continue;
      all[at] = taken + stepUnit;
      return;
    }
    this.#addStep(key);
    step.players++;
  }

  #addStep(key: number): void {
    if (this.#numbers.room(sections.steps) >= stepsMax) {
      this.refused++;
      return;
    }
    const at = this.#numbers.grow(sections.steps, 1);
    this.#numbers.all[at] = key + stepUnit;
  }
}

/** First row of an opcode's fields; -1 when it has none. */
const fieldsFrom = (what: number): number => (((what | 0) >>> 10) & fieldsMask) - 1;

const spread = (rows: Float64Array, at: number, count: number): Spread => ({
  mean: rows[at] as number,
  stddev: Math.sqrt((rows[at + 1] as number) / count),
});
