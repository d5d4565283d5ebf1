import { existsSync } from "node:fs";
import { join } from "node:path";
import type { FindingMarks, JudgedFinding } from "#contract/finding-marks.ts";
import { VerdictClassifier } from "#engine/learn/verdict-classifier.ts";
import type { FindingFacts, FindingMark, FindingMarkChange, FindingOpinion } from "#schema/finding-mark.ts";
import { SqliteFindingMarks } from "#store/sqlite/finding-marks.ts";

/** Verdicts that opinions rest on; older ones are kept and not learned from. */
const verdictsMax = 2000;

/**
 * Marks that have an opinion: a classifier learns from the verdicts among them. It is made anew from all verdicts after
 * one was changed, when next asked: so a verdict that is taken back is forgotten too, and the file of the marks is all
 * that has to be kept.
 */
export class LearningMarks<M extends FindingMarks> implements FindingMarks {
  readonly marks: M;
  #learnt: { readonly classifier: VerdictClassifier; readonly judged: readonly JudgedFinding[] } | undefined;

  constructor(marks: M) {
    this.marks = marks;
  }

  get(finding: string): FindingMark | undefined {
    return this.marks.get(finding);
  }

  all(): readonly FindingMark[] {
    return this.marks.all();
  }

  judged(count: number): readonly JudgedFinding[] {
    return this.marks.judged(count);
  }

  put(finding: string, change: FindingMarkChange, facts: FindingFacts): FindingMark {
    const mark = this.marks.put(finding, change, facts);
    this.#learnt = undefined;
    return mark;
  }

  opinion(facts: FindingFacts): FindingOpinion | undefined {
    this.#learnt ??= learn(this.marks.judged(verdictsMax));
    const { classifier, judged } = this.#learnt;
    if (judged.length === 0) return undefined;
    const { verdict, probability, reasons } = classifier.judge(facts);
    const alike = judged.filter((one) => one.verdict === verdict && one.facts.detector === facts.detector).length;
    return { verdict, probability, alike, verdicts: judged.length, reasons };
  }
}

function learn(judged: readonly JudgedFinding[]): { readonly classifier: VerdictClassifier; readonly judged: readonly JudgedFinding[] } {
  const classifier = new VerdictClassifier();
  for (const { facts, verdict } of judged) classifier.learn(facts, verdict);
  return { classifier, judged };
}

/** What people say of findings, beside the store in the directory. The file is made with the first mark. Throws ODW_STORE_UNREADABLE. */
export function openFindingMarks(out: string): LearningMarks<SqliteFindingMarks> & Disposable {
  const path = join(out, "findings.db");
  const marks = new SqliteFindingMarks(path, existsSync(path));
  return Object.assign(new LearningMarks(marks), { [Symbol.dispose]: () => marks[Symbol.dispose]() });
}
