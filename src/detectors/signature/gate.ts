import type { AlertGate, LoadedRules } from "#contract/inspector.ts";
import type { RuleSet } from "./rule-set.ts";

/** Decides over alerts in the reducer: thresholds, suppressions and bits of hosts, in capture order. */
export class SignatureGate implements AlertGate {
  #set: RuleSet;

  constructor(set: RuleSet) {
    this.#set = set;
  }

  admit(rule: number, _time: number, _source: string, _target: string, _flowId: number): boolean {
    return this.#set.rules[rule] !== undefined;
  }

  use(rules: LoadedRules): void {
    this.#set = rules as RuleSet;
  }
}
