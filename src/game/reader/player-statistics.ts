import type { GameOpcode, GameOpcodes } from "./game-opcodes.ts";

/** Opcodes that are counted for one player; packets of further ones are only counted together. */
const slotsMax = 48;
/** Steps that are counted for one player. */
const stepsMax = 64;
/** Fields that are numbers and counted for one player, over all opcodes. */
const fieldsMax = 64;
/** Rows that are added when there is no more room: half as many as there are, at least these. */
const growthMin = 2;
const more = (used: number): number => used + Math.max(growthMin, used >> 1);
/** Fields of one opcode that are counted. */
export const opcodeFieldsMax = 6;

// Row of an opcode. Behind each mean stands the sum of squared differences from it.
const COUNT = 0;
const LAST = 1;
const GAP_MEAN = 2;
const SIZE_MEAN = 4;
const RECENT = 6;
const INDEX = 7;
const FIELDS_FROM = 8;
/** Gaps that were measured: the time between two sessions is none. */
const GAPS = 9;
const ROW = 10;
// Row of a field.
const SEEN = 0;
const MEAN = 1;
const MIN = 3;
const MAX = 4;
const FIELD_ROW = 5;

const none = new Float64Array(0);

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
 * Welford's method. Rows in typed arrays that grow with what the player uses: about 2 KB for twenty opcodes.
 */
export class PlayerStatistics {
  /** Packets and steps that found no room. */
  refused = 0;
  readonly packets: [number, number] = [0, 0];
  readonly bytes: [number, number] = [0, 0];
  readonly #opcodes: GameOpcodes;
  #used = 0;
  #rows = none;
  #fieldsUsed = 0;
  #fields = none;
  #stepsUsed = 0;
  /** Both opcodes of a step, then how often it was taken. */
  #steps = new Uint32Array(0);
  /** Index of the opcode that the player sent last; -1 before the first. */
  #last = -1;

  constructor(opcodes: GameOpcodes) {
    this.#opcodes = opcodes;
  }

  /** One packet. `numbers` holds the first `count` numbers of its fields. `time` in µs. */
  packet(opcode: GameOpcode, time: number, size: number, numbers: Float64Array, count: number): void {
    if (this.packets[0] + this.packets[1] === 0) this.#opcodes.players++;
    this.packets[opcode.side]++;
    this.bytes[opcode.side] += size;
    opcode.packets++;
    if (opcode.side === 0) {
      this.#opcodes.packets++;
      this.#step(opcode);
    }
    const slot = this.#slot(opcode, count);
    if (slot < 0) return;
    const rows = this.#rows;
    const at = slot * ROW;
    const seen = (rows[at + COUNT] as number) + 1;
    rows[at + COUNT] = seen;
    rows[at + RECENT] = (rows[at + RECENT] as number) + 1;
    if (seen > 1) this.#gap(at, time);
    rows[at + LAST] = time;
    welford(rows, at + SIZE_MEAN, seen, size);
    const from = rows[at + FIELDS_FROM] as number;
    if (from >= 0) for (let i = 0; i < count; i++) this.#field(from + i, numbers[i] as number);
  }

  #gap(at: number, time: number): void {
    const rows = this.#rows;
    const last = rows[at + LAST] as number;
    if (Number.isNaN(last)) return;
    const gaps = (rows[at + GAPS] as number) + 1;
    rows[at + GAPS] = gaps;
    welford(rows, at + GAP_MEAN, gaps, (time - last) / 1e6);
  }

  /** The player comes back in another session: nothing follows on what it did before. */
  returns(): void {
    this.#last = -1;
    for (let slot = 0; slot < this.#used; slot++) this.#rows[slot * ROW + LAST] = Number.NaN;
  }

  /** Begins a new interval: what was sent until now is the past. */
  interval(): void {
    for (let slot = 0; slot < this.#used; slot++) this.#rows[slot * ROW + RECENT] = 0;
  }

  /** The most frequent first. */
  opcodes(): OpcodeCounts[] {
    return Array.from({ length: this.#used }, (_, slot) => this.#counts(slot)).toSorted(
      (a, b) => b.count - a.count || a.opcode.index - b.opcode.index,
    );
  }

  /** The most frequent first. */
  steps(): StepCounts[] {
    return Array.from({ length: this.#stepsUsed }, (_, i) => ({
      from: this.#opcodes.at((this.#steps[i * 2] as number) >>> 16),
      to: this.#opcodes.at((this.#steps[i * 2] as number) & 0xffff),
      count: this.#steps[i * 2 + 1] as number,
    })).toSorted((a, b) => b.count - a.count || a.from.index - b.from.index || a.to.index - b.to.index);
  }

  #counts(slot: number): OpcodeCounts {
    const rows = this.#rows;
    const at = slot * ROW;
    const opcode = this.#opcodes.at(rows[at + INDEX] as number);
    const count = rows[at + COUNT] as number;
    const from = rows[at + FIELDS_FROM] as number;
    const gaps = rows[at + GAPS] as number;
    return {
      opcode,
      count,
      recent: rows[at + RECENT] as number,
      ...(gaps > 1 && { gap: spread(rows, at + GAP_MEAN, gaps) }),
      size: spread(rows, at + SIZE_MEAN, count),
      fields: from < 0 ? [] : opcode.numbers.slice(0, opcodeFieldsMax).flatMap((name, i) => this.#fieldSpread(name, from + i)),
    };
  }

  #fieldSpread(name: string, row: number): FieldSpread[] {
    const at = row * FIELD_ROW;
    const fields = this.#fields;
    const seen = fields[at + SEEN];
    if (seen === undefined || seen === 0) return [];
    return [{ name, ...spread(fields, at + MEAN, seen), min: fields[at + MIN] as number, max: fields[at + MAX] as number }];
  }

  #slot(opcode: GameOpcode, fields: number): number {
    const { index } = opcode;
    for (let slot = 0; slot < this.#used; slot++) if (this.#rows[slot * ROW + INDEX] === index) return slot;
    if (this.#used >= slotsMax) {
      this.refused++;
      return -1;
    }
    const slot = this.#used++;
    const at = slot * ROW;
    if (at >= this.#rows.length) this.#rows = grown(this.#rows, new Float64Array(Math.min(slotsMax, more(slot)) * ROW));
    this.#rows[at + INDEX] = index;
    this.#rows[at + FIELDS_FROM] = this.#fieldRows(Math.min(fields, opcodeFieldsMax));
    opcode.players++;
    return slot;
  }

  /** Makes room for that many fields; -1 when there is none. */
  #fieldRows(count: number): number {
    if (count === 0 || this.#fieldsUsed + count > fieldsMax) return -1;
    const from = this.#fieldsUsed;
    this.#fieldsUsed += count;
    if (this.#fieldsUsed * FIELD_ROW > this.#fields.length) {
      const room = Math.min(fieldsMax, this.#fieldsUsed + 2) * FIELD_ROW;
      this.#fields = grown(this.#fields, new Float64Array(room));
    }
    return from;
  }

  #field(row: number, value: number): void {
    if (!Number.isFinite(value)) return;
    const fields = this.#fields;
    const at = row * FIELD_ROW;
    if (at >= fields.length) return;
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
    const key = (from << 16) | opcode.index;
    for (let i = 0; i < this.#stepsUsed; i++) {
      if (this.#steps[i * 2] !== key) continue;
      this.#steps[i * 2 + 1] = (this.#steps[i * 2 + 1] as number) + 1;
      return;
    }
    this.#addStep(key);
    step.players++;
  }

  #addStep(key: number): void {
    if (this.#stepsUsed >= stepsMax) {
      this.refused++;
      return;
    }
    const at = this.#stepsUsed++ * 2;
    if (at >= this.#steps.length) this.#steps = grown(this.#steps, new Uint32Array(Math.min(stepsMax, more(at >> 1)) * 2));
    this.#steps[at] = key;
    this.#steps[at + 1] = 1;
  }
}

/** Adds a value to mean and sum of squared differences, which stand at `at` and `at + 1` (Welford 1962). */
function welford(rows: Float64Array, at: number, count: number, value: number): void {
  const mean = rows[at] as number;
  const delta = value - mean;
  const next = mean + delta / count;
  rows[at] = next;
  rows[at + 1] = (rows[at + 1] as number) + delta * (value - next);
}

const spread = (rows: Float64Array, at: number, count: number): Spread => ({
  mean: rows[at] as number,
  stddev: Math.sqrt((rows[at + 1] as number) / count),
});

function grown<T extends Uint32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
