import type { IpReputation } from "#engine/rules/judge/ip-reputation.ts";
import { numberHolds } from "#engine/rules/judge/number.ts";
import type { PacketTest } from "#engine/rules/signature.ts";
import type { Ends } from "./ends.ts";

/** `iprep` as a rule has it. */
export type ReputationTest = Extract<PacketTest, { type: "iprep" }>;

/** True when the addresses have the reputations that the rule wants. */
export function reputationFits(tests: readonly ReputationTest[], ends: Ends, reputation: IpReputation): boolean {
  return tests.every((test) => {
    if (ends.version === 0) return false;
    const fits = (at: number): boolean => holds(test, reputation.score(test.category, ends.words, at, ends.version === 6));
    if (test.side === "src") return fits(0);
    if (test.side === "dst") return fits(4);
    return test.side === "both" ? fits(0) && fits(4) : fits(0) || fits(4);
  });
}

function holds({ operator, value }: ReputationTest, score: number | undefined): boolean {
  if (score === undefined || operator === "isset" || operator === "isnotset") return (score === undefined) === (operator === "isnotset");
  return numberHolds({ operator, value }, score);
}
