import { OldestFirstSet } from "#base/oldest-first.ts";
import type { AlertGate, LoadedRules } from "#contract/inspector.ts";
import type { RuleSet } from "#detectors/signature/rule-set.ts";

/** Pairs of keyword and flow that are remembered; the oldest are forgotten beyond it. */
const toldMax = 65_536;

/** A keyword is told once a flow, wherever it is found there. */
export class KeywordGate implements AlertGate {
  #set: RuleSet;
  readonly #told = new OldestFirstSet<string>(toldMax);

  constructor(set: RuleSet) {
    this.#set = set;
  }

  admit(rule: number, _time: number, source: string, target: string, flowId: number): boolean {
    const sid = this.#set.rules[rule]?.signature.sid;
    if (sid === undefined) return false;
    const key = flowId === 0 ? `${sid} ${source} ${target}` : `${sid} ${flowId}`;
    if (this.#told.has(key)) return false;
    this.#told.add(key);
    return true;
  }

  /** Keywords keep their numbers: what was told stays told. */
  use(rules: LoadedRules): void {
    this.#set = rules as RuleSet;
  }
}
