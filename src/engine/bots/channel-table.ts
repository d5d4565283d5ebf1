/** Packets of one kind (an opcode, or raw packets of one size class) of one side, and whether a clock sends them. */
const slots = 24;
const empty = -0x80000000;
const steadyRate = 1 / 16;

export interface TickLimits {
  /** Gaps that must be seen before a kind can count as a tick. */
  readonly tickGapsMin: number;
  /** Share of gaps (moving average over about 16) near the mode from which a kind is a tick. */
  readonly tickShareMin: number;
  /** A slower mode than this is no tick, seconds: whoever acts each second on the second is what we look for. */
  readonly tickSecondsMax: number;
  /** How near the mode a gap must be: share of the mode, and seconds on top. */
  readonly tickTolerance: number;
  readonly tickToleranceSeconds: number;
}

/**
 * Finds the clock of each kind of packet: the mode of its gaps by a majority vote with tolerance, in constant memory.
 * A table of 24 kinds; packets of further kinds share the last slot that was probed, so nothing is lost.
 */
export class ChannelTable {
  readonly #limits: TickLimits;
  readonly #keys = new Int32Array(slots).fill(empty);
  readonly #last = new Float64Array(slots);
  readonly #mode = new Float32Array(slots);
  readonly #steady = new Float32Array(slots);
  readonly #gaps = new Uint16Array(slots);

  constructor(limits: TickLimits) {
    this.#limits = limits;
  }

  /** Slot of a kind, 0…23. */
  slot(key: number): number {
    let at = (Math.imul(key, 0x9e3779b1) >>> 8) % slots;
    for (let tries = 0; tries < slots; tries++) {
      if (this.#keys[at] === empty) this.#keys[at] = key;
      if (this.#keys[at] === key) return at;
      at = at + 1 === slots ? 0 : at + 1;
    }
    return at;
  }

  key(slot: number): number {
    return this.#keys[slot] as number;
  }

  /** Notes a packet; true when a clock sends its kind. `secondsMax` overrides how slow a tick may be. */
  note(slot: number, time: number, secondsMax = this.#limits.tickSecondsMax): boolean {
    const gap = (time - (this.#last[slot] as number)) / 1e6;
    const first = this.#last[slot] === 0;
    this.#last[slot] = time;
    if (first || gap < 0) return false;
    const count = Math.min(0xffff, (this.#gaps[slot] as number) + 1);
    this.#gaps[slot] = count;
    const { tickTolerance, tickToleranceSeconds, tickGapsMin, tickShareMin } = this.#limits;
    const mode = this.#mode[slot] as number;
    const near = Math.abs(gap - mode) <= mode * tickTolerance + tickToleranceSeconds;
    let steady = (this.#steady[slot] as number) * (1 - steadyRate);
    if (near) {
      steady += steadyRate;
      this.#mode[slot] = mode + (gap - mode) * 0.1;
    } else if (steady < 0.3) {
      this.#mode[slot] = gap;
      steady = Math.max(steady, 0.25);
    }
    this.#steady[slot] = steady;
    return count >= tickGapsMin && steady >= tickShareMin && (this.#mode[slot] as number) <= secondsMax;
  }
}
