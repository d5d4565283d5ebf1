import type { FindingMarks, JudgedFinding } from "#contract/finding-marks.ts";
import { type FindingFacts, type FindingMark, type FindingMarkChange, type FindingOpinion, verdictOf } from "#schema/finding-mark.ts";

/** Marks of findings in memory; its opinion is the last verdict on the same detector. */
export class FakeFindingMarks implements FindingMarks {
  readonly #marks = new Map<string, FindingMark>();
  readonly #facts = new Map<string, FindingFacts>();

  get(finding: string): FindingMark | undefined {
    return this.#marks.get(finding);
  }

  all(): readonly FindingMark[] {
    return [...this.#marks.values()].toReversed();
  }

  put(finding: string, change: FindingMarkChange, facts: FindingFacts): FindingMark {
    const before = this.#marks.get(finding) ?? { finding, state: "new", note: "", who: "" };
    const mark: FindingMark = { ...before, ...change, changed: Date.now() };
    this.#marks.delete(finding);
    this.#marks.set(finding, mark);
    this.#facts.set(finding, facts);
    return mark;
  }

  judged(count: number): readonly JudgedFinding[] {
    return [...this.#marks.values()]
      .flatMap(({ finding, state }) => {
        const verdict = verdictOf(state);
        const facts = this.#facts.get(finding);
        return verdict === undefined || facts === undefined ? [] : [{ verdict, facts }];
      })
      .slice(-count);
  }

  opinion({ detector }: FindingFacts): FindingOpinion | undefined {
    const judged = this.judged(1000);
    const alike = judged.filter(({ facts }) => facts.detector === detector);
    const verdict = alike.at(-1)?.verdict;
    if (judged.length === 0) return undefined;
    const reasons = verdict === undefined ? [] : [{ feature: `detector ${detector}`, weight: 1.2 }];
    return {
      verdict: verdict ?? "unknown",
      probability: verdict === undefined ? 0.4 : 0.9,
      alike: alike.length,
      verdicts: judged.length,
      reasons,
    };
  }
}
