import { assert } from "#base/assert.ts";

/** The defaults are the paper's. */
export interface RandomWalkConfig {
  /** θ0: how often a first contact of an honest host succeeds. */
  readonly honestSuccess: number;
  /** θ1: how often one of a scanner does. */
  readonly scannerSuccess: number;
  /** α: the share of honest hosts that may be called scanners. */
  readonly falseAlarm: number;
  /** β: the share of scanners that must be found. */
  readonly detection: number;
}

const defaults: RandomWalkConfig = { honestSuccess: 0.8, scannerSuccess: 0.2, falseAlarm: 0.01, detection: 0.99 };

/**
 * Threshold random walk, the sequential test for scanners (Jung, Paxson, Berger, Balakrishnan, IEEE S&P 2004). A host's
 * state is one number, the log-likelihood ratio of its contacts so far: 0 at first, up with each failure, down with each
 * success. Only the first contact with a destination counts. The test is over once a limit is passed: the state then
 * stays, until the caller sets it to 0 again. With the defaults four failures more than successes make a scanner.
 * Millions of states fit in a Float32Array.
 */
export class RandomWalk {
  readonly #success: number;
  readonly #failure: number;
  readonly #scanner: number;
  readonly #honest: number;

  constructor(config: Partial<RandomWalkConfig> = {}) {
    const { honestSuccess, scannerSuccess, falseAlarm, detection } = { ...defaults, ...config };
    const ordered = scannerSuccess > 0 && honestSuccess > scannerSuccess && honestSuccess < 1;
    assert(ordered, "a scanner's contacts succeed more rarely than an honest host's, and neither always nor never");
    assert(falseAlarm > 0 && detection > falseAlarm && detection < 1, "a scan test finds more scanners than it accuses others");
    this.#success = Math.log(scannerSuccess / honestSuccess);
    this.#failure = Math.log((1 - scannerSuccess) / (1 - honestSuccess));
    this.#scanner = Math.log(detection / falseAlarm);
    this.#honest = Math.log((1 - detection) / (1 - falseAlarm));
  }

  /** The state after one more first contact. */
  step(state: number, succeeded: boolean): number {
    if (this.side(state) !== 0) return state;
    return state + (succeeded ? this.#success : this.#failure);
  }

  /** 1: a scanner; -1: honest; 0: not yet decided. */
  side(state: number): -1 | 0 | 1 {
    return state >= this.#scanner ? 1 : state <= this.#honest ? -1 : 0;
  }
}
