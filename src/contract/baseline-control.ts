import type { BaselineQuestion, BaselineReset, BaselinesAnswer } from "#schema/baseline.ts";

/** The answer where nobody learns. */
export const nobodyLearns: BaselinesAnswer = { interval_min: 0, ready: false, held_back: 0, count: 0, baselines: [] };

/** What was learnt of the network, for people to see and to forget: the seam between API, engine and detector. */
export interface BaselineControl {
  baselines(question: BaselineQuestion): BaselinesAnswer;
  /** Forgets one thing (a host with its services), or all. */
  forget(name?: string): BaselineReset;
}
