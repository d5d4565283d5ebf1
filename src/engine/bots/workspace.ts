import { ActionRepeats } from "./action-repeats.ts";
import { waypointsMax } from "./action-window.ts";
import { PatternEntropy } from "./pattern-entropy.ts";
import { Repertoire } from "./repertoire.ts";

const tableSlots = 2048;

/** Scratch memory of an evaluation, shared by all players of a thread: filled and used within one call. */
export class Workspace {
  readonly gaps: Float64Array;
  readonly logs: Float64Array;
  readonly sorted: Float64Array;
  /** Running sums of the waits' profile: three before each place, the first of 0. */
  readonly sums: Float64Array;
  readonly tokens: Uint8Array;
  /** Quintile of each gap among the player's own. */
  readonly bins: Uint8Array;
  readonly joint: Uint8Array;
  readonly x = new Float64Array(waypointsMax);
  readonly y = new Float64Array(waypointsMax);
  readonly table = new PatternTable();
  readonly repeats: ActionRepeats;
  readonly patterns: PatternEntropy;
  readonly repertoire = new Repertoire();
  /** Actions with their waits in an order of chance, which is the same for all windows of a size. */
  readonly shuffled: Uint8Array;
  n = 0;
  points = 0;

  constructor(actionsMax: number) {
    this.repeats = new ActionRepeats(actionsMax);
    this.patterns = new PatternEntropy(actionsMax);
    this.gaps = new Float64Array(actionsMax);
    this.logs = new Float64Array(actionsMax);
    this.sorted = new Float64Array(actionsMax);
    this.sums = new Float64Array((actionsMax + 1) * 3);
    this.tokens = new Uint8Array(actionsMax);
    this.bins = new Uint8Array(actionsMax);
    this.shuffled = new Uint8Array(actionsMax);
    this.joint = new Uint8Array(actionsMax);
  }

  /** Derives logarithms and their order once `gaps` and `n` are set. */
  prepareWaits(): void {
    const { n, gaps, logs, sorted } = this;
    for (let i = 0; i < n; i++) logs[i] = Math.log(Math.max(0.001, gaps[i] as number));
    for (let i = 0; i < n; i++) sorted[i] = logs[i] as number;
    sorted.subarray(0, n).sort();
  }

  /** Derives logarithms, order statistics and quintiles once `gaps`, `tokens` and `n` are set. */
  prepare(): void {
    const { n, logs, sorted, bins, tokens, joint } = this;
    this.prepareWaits();
    const at = (share: number): number => sorted[Math.min(n - 1, Math.floor(n * share))] as number;
    const [q1, q2, q3, q4] = [at(0.2), at(0.4), at(0.6), at(0.8)];
    for (let i = 0; i < n; i++) {
      const value = logs[i] as number;
      const bin = value < q1 ? 0 : value < q2 ? 1 : value < q3 ? 2 : value < q4 ? 3 : 4;
      bins[i] = bin;
      joint[i] = (tokens[i] as number) * 5 + bin;
    }
    this.repertoire.take(tokens, joint, n);
    this.#shuffle();
  }

  /** Fisher and Yates, with the numbers of a fixed generator (Marsaglia's xorshift). */
  #shuffle(): void {
    const { n, joint, shuffled } = this;
    let random = 0x2545f491;
    for (let i = 0; i < n; i++) {
      random ^= random << 13;
      random ^= random >>> 17;
      random ^= random << 5;
      const at = (random >>> 0) % (i + 1);
      shuffled[i] = shuffled[at] as number;
      shuffled[at] = joint[i] as number;
    }
  }
}

/** Counts of patterns, or the nodes of a parse: an open-addressing table of at most 2,048 integer keys, emptied in O(1). */
export class PatternTable {
  readonly #keys = new Int32Array(tableSlots);
  readonly #stamps = new Uint32Array(tableSlots);
  readonly values = new Uint32Array(tableSlots);
  #stamp = 0;

  clear(): void {
    this.#stamp += 1;
  }

  /** Slot of the key, with value 0 when it is new. Callers insert at most 1,024 keys between two calls of `clear`. */
  slot(key: number): number {
    let at = (Math.imul(key ^ (key >>> 15), 0x9e3779b1) >>> 16) % tableSlots;
    while (this.#stamps[at] === this.#stamp && this.#keys[at] !== key) at = (at + 1) % tableSlots;
    if (this.#stamps[at] !== this.#stamp) {
      this.#stamps[at] = this.#stamp;
      this.#keys[at] = key;
      this.values[at] = 0;
    }
    return at;
  }
}
