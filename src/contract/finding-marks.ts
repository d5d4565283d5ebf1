import type { FindingFacts, FindingMark, FindingMarkChange, FindingOpinion, FindingVerdict } from "#schema/finding-mark.ts";

/** A verdict with what it was given on. */
export interface JudgedFinding {
  readonly facts: FindingFacts;
  readonly verdict: FindingVerdict;
}

/** States of findings and notes on them: the seam between the API and what keeps them. */
export interface FindingMarks {
  get(finding: string): FindingMark | undefined;
  /** All findings of which something is said, last changed first. */
  all(): readonly FindingMark[];
  /**
   * Changes what is given; the facts are kept beside a verdict. It is safe when this returns. Throws ODW_OUT_UNWRITABLE,
   * or ODW_LIST_BAD when the list is full.
   */
  put(finding: string, change: FindingMarkChange, facts: FindingFacts): FindingMark;
  /** The newest verdicts, oldest of them first; at most `count`. */
  judged(count: number): readonly JudgedFinding[];
  /** What the verdicts so far say of a finding; absent where nothing learns, `undefined` while there is no verdict. */
  opinion?(facts: FindingFacts): FindingOpinion | undefined;
}
