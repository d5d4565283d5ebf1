/** From p-values to a decision: combination, likelihood ratios, and a sequential test with hysteresis. */

/**
 * Combines p-values that may depend on each other (Cauchy combination; Liu and Xie, JASA 115, 2020).
 * Values of exactly 1 are taken a little lower, since the transform has a pole there.
 */
export function combine(pValues: readonly number[]): number {
  if (pValues.length === 0) return 1;
  let sum = 0;
  for (const p of pValues) {
    const bounded = Math.min(0.99, Math.max(1e-12, p));
    sum += bounded < 1e-6 ? 1 / (bounded * Math.PI) : Math.tan((0.5 - bounded) * Math.PI);
  }
  const mean = sum / pValues.length;
  return mean > 1e6 ? 1 / (mean * Math.PI) : 0.5 - Math.atan(mean) / Math.PI;
}

/**
 * Log-likelihood ratio of bot against person for a p-value, nats: among people p is uniform, among bots it is taken to
 * have the density κ·p^(κ-1) (the calibrator of Sellke, Bayarri and Berger, Am. Stat. 55, 2001).
 */
export function likelihoodRatio(pValue: number, exponent: number, pValueMin: number): number {
  return Math.log(exponent) + (exponent - 1) * Math.log(Math.max(pValueMin, Math.min(1, pValue)));
}

/**
 * One log-likelihood ratio from those of the families: the logarithm of the mean, over all sets of families, of the
 * product of their ratios. A bot may show in one family only (the largest counts) or a little in several (they add up),
 * and families that look like people cost at most ln 2 each.
 */
export function fuse(ratios: readonly number[]): number {
  let sum = 0;
  for (const ratio of ratios) sum += Math.log1p(Math.exp(ratio)) - Math.LN2;
  return sum;
}

export interface SequentialLimits {
  /** α: share of people that may come to be called bots. */
  readonly falseAlarm: number;
  /** β: share of bots that may come to be called human. */
  readonly miss: number;
  /**
   * Share of the sum that is forgotten over one full window. Somebody's habits stay the same from window to window, so
   * windows repeat evidence more than they add to it: at 1 nothing adds up, at 0.5 the sum comes to twice a window's ratio.
   */
  readonly evidenceLeak: number;
  /** A verdict changes after this many evaluations in a row on the same side. */
  readonly hysteresisWindows: number;
}

export type Says = "human" | "undecided" | "bot";

/**
 * Wald's sequential probability ratio test (Ann. Math. Statist. 16, 1945) over windows that overlap: until the window is
 * full its ratio is taken whole, later each evaluation adds only the share of actions that is new. The sum stays
 * between the bounds, so that somebody who starts a bot after a day of play is found as quickly as anybody.
 */
export class SequentialTest {
  readonly #limits: SequentialLimits;
  #sum = 0;
  #side: Says = "undecided";
  #row = 0;
  says: Says = "undecided";

  constructor(limits: SequentialLimits) {
    this.#limits = limits;
  }

  get sum(): number {
    return this.#sum;
  }

  /** @param fresh share of the window's actions that no evaluation saw before; 1 while the window is not full */
  add(ratio: number, fresh: number): void {
    const { falseAlarm, miss, hysteresisWindows, evidenceLeak } = this.#limits;
    const upper = Math.log((1 - miss) / falseAlarm);
    const lower = Math.log(miss / (1 - falseAlarm));
    this.#sum = fresh >= 1 ? ratio : this.#sum + (ratio - evidenceLeak * this.#sum) * fresh;
    this.#sum = Math.min(upper * 1.5, Math.max(lower * 1.5, this.#sum));
    const side = this.#sum >= upper ? "bot" : this.#sum <= lower ? "human" : "undecided";
    this.#row = side === this.#side ? this.#row + 1 : 1;
    this.#side = side;
    if (this.#row >= hysteresisWindows) this.says = side;
  }
}
