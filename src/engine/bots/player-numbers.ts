/** Rows that grow with what a player does, each kind in a section of its own; in the order in which they stand. */
export const sections = {
  opcodes: 0,
  fields: 1,
  steps: 2,
  classic: 3,
  kinds: 4,
  server: 5,
  answers: 6,
  delays: 7,
  measured: 8,
  points: 9,
  actions: 10,
} as const;
const sectionCount = 11;

/** Numbers that every player has: where the first of each owner stands. */
export const places = {
  classic: sectionCount + 1,
  rhythm: sectionCount + 10,
  conditional: sectionCount + 14,
  test: sectionCount + 20,
  movement: sectionCount + 21,
  packets: sectionCount + 35,
  times: sectionCount + 37,
} as const;
const sectionsFrom = sectionCount + 41;
/** What is made at first; behind that the array grows by what is wanted and this much more, numbers. */
const firstRoom = 64;
const spareRoom = 8;

/**
 * All numbers of one player in one array. A typed array costs 200 bytes before it holds anything, and a number in an
 * object three times its size: a dozen small arrays and forty numbers were a third of a player.
 *
 *     where each section begins, and the end │ numbers that every player has │ section │ section │ … │ spare
 *
 * Sections stand without room between them, so that one that grows moves those behind it. That happens as often as a
 * player does something for the first time, and seldom after. `all` is another array after `grow`.
 */
export class PlayerNumbers {
  all = new Float64Array(firstRoom);

  constructor() {
    this.all.fill(sectionsFrom, 0, sectionCount + 1);
  }

  /** Place of a section's first number. */
  from(section: number): number {
    return (this.all[section] as number) | 0;
  }

  /** Numbers that a section has. */
  room(section: number): number {
    return this.from(section + 1) - this.from(section);
  }

  /** Adds `count` zeros at the end of a section, and returns where they begin. */
  grow(section: number, count: number): number {
    const [at, end] = [this.from(section + 1), this.from(sectionCount)];
    const from = this.all;
    if (end + count > from.length) {
      this.all = new Float64Array(end + count + spareRoom);
      this.all.set(from.subarray(0, at));
      this.all.set(from.subarray(at, end), at + count);
    } else from.copyWithin(at + count, at, end);
    this.all.fill(0, at, at + count);
    for (let after = section + 1; after <= sectionCount; after++) this.all[after] = (this.all[after] as number) + count;
    return at;
  }
}

/** Adds a value to mean and sum of squared differences, which stand at `at` and `at + 1` (Welford 1962). */
export function welford(all: Float64Array, at: number, count: number, value: number): void {
  const mean = all[at] as number;
  const delta = value - mean;
  const next = mean + delta / count;
  all[at] = next;
  all[at + 1] = (all[at + 1] as number) + delta * (value - next);
}

const one = new Float64Array(1);
const halves = new Uint32Array(one.buffer);
const singles = new Float32Array(one.buffer);

/**
 * Two numbers of single precision in the place of one. Whatever they are, the one is finite: its exponent has three bits of the
 * second number's fraction, which are not all set where that one is infinite or no number.
 */
export function putPair(all: Float64Array, at: number, first: number, second: number): void {
  singles[0] = first;
  singles[1] = second;
  all[at] = one[0] as number;
}

/** The pair at `at`, borrowed until the next call. */
export function pairAt(all: Float64Array, at: number): Float32Array {
  one[0] = all[at] as number;
  return singles;
}

/** Values of 21 bits that one number holds. */
export const smallsPerNumber = 3;
const smallBits = 21;
const smallMask = 0x1f_ffff;

/**
 * The value of 21 bits number `index` of those from `at` on. The second highest bit of each number stays 0, so that none is infinite or no
 * number: processors and compilers keep the bits of all others.
 */
export function smallAt(all: Float64Array, at: number, index: number): number {
  const word = Math.floor(index / smallsPerNumber);
  one[0] = all[at + word] as number;
  const [low, high] = [halves[0] as number, halves[1] as number];
  const slot = index - word * smallsPerNumber;
  if (slot === 0) return low & smallMask;
  return slot === 1 ? (low >>> smallBits) | ((high & 0x3ff) << 11) : ((high >>> 10) & 0xf_ffff) | ((high >>> 31) << 20);
}

export function putSmall(all: Float64Array, at: number, index: number, value: number): void {
  const word = Math.floor(index / smallsPerNumber);
  one[0] = all[at + word] as number;
  const [low, high] = [halves[0] as number, halves[1] as number];
  const slot = index - word * smallsPerNumber;
  if (slot === 0) halves[0] = (low & ~smallMask) | value;
  else if (slot === 1) {
    halves[0] = (low & smallMask) | (value << smallBits);
    halves[1] = (high & ~0x3ff) | (value >>> 11);
  } else halves[1] = (high & 0x3ff) | ((value & 0xf_ffff) << 10) | ((value >>> 20) << 31);
  all[at + word] = one[0];
}
