import type { AlertGate, LoadedRules, MatchPorts } from "#contract/inspector.ts";
import type { Effect } from "#engine/rules/effect.ts";
import { Thresholds } from "#engine/rules/judge/thresholds.ts";
import { Xbits } from "#engine/rules/judge/xbits.ts";
import type { FlowTest } from "#engine/rules/signature.ts";
import { HostTags } from "./host-tags.ts";
import type { RuleSet } from "./rule-set.ts";

/**
 * Decides over alerts in the reducer, in capture order: bits that flows share are asked for, then changed, then
 * thresholds count what is left. Packets come behind the alerts about them, when rules tag hosts. Bits and counts of
 * hosts outlive a reload when the rules that use them do.
 */
export class SignatureGate implements AlertGate {
  #set: RuleSet;
  readonly #thresholds = new Thresholds();
  readonly #bits = new Xbits();
  readonly #tags = new HostTags();

  constructor(set: RuleSet) {
    this.#set = set;
  }

  admit(number: number, time: number, source: string, target: string, flowId: number, ports: MatchPorts): boolean {
    const rule = this.#set.rules[number];
    if (rule === undefined) return false;
    const { signature } = rule;
    for (const test of signature.flowTests)
      if (isBit(test) && this.#bits.isSet(test.bit, test.track, time, source, target) !== test.isSet) return false;
    for (const effect of signature.effects)
      if (changesBit(effect)) this.#bits.change(effect.command, effect.bit, effect.track, effect.seconds, time, source, target);
    const isTold = this.#thresholds.admit(number, signature.thresholds, signature.suppressions, time, source, target, flowId, ports);
    if (isTold) for (const tag of rule.hostTags) this.#tags.set(number, tag, time, source, target);
    return isTold;
  }

  admitPacket(time: number, source: string, target: string, bytes: number): boolean {
    return this.#tags.packet(time, bytes, source, target);
  }

  use(rules: LoadedRules): void {
    this.#set = rules as RuleSet;
    this.#thresholds.clear();
    this.#tags.forgetRules();
  }
}

const isBit = (test: FlowTest): test is Extract<FlowTest, { type: "xbits" }> => test.type === "xbits" && test.track !== "tx";
const changesBit = (effect: Effect): effect is Extract<Effect, { type: "xbits" }> => effect.type === "xbits" && effect.track !== "tx";
