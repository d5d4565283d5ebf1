/**
 * How often each rule of a set was judged and fulfilled, and how long that took, by the rule's number. A set carries one
 * only where somebody asks what its rules cost; other runs pay nothing for it.
 */
export class RuleTrials {
  readonly judged: Float64Array;
  readonly fulfilled: Float64Array;
  readonly milliseconds: Float64Array;
  readonly #now: () => number;

  /** `now` is a clock that never goes back, ms. */
  constructor(rules: number, now: () => number) {
    this.judged = new Float64Array(rules);
    this.fulfilled = new Float64Array(rules);
    this.milliseconds = new Float64Array(rules);
    this.#now = now;
  }

  /** Asks, and notes what came of it. */
  measure(rule: number, ask: () => boolean): boolean {
    const began = this.#now();
    const holds = ask();
    this.milliseconds[rule] = (this.milliseconds[rule] as number) + this.#now() - began;
    this.judged[rule] = (this.judged[rule] as number) + 1;
    if (holds) this.fulfilled[rule] = (this.fulfilled[rule] as number) + 1;
    return holds;
  }
}
