import type { TransactionFact } from "#contract/detector.ts";
import type { RegisteredDomain, RegisteredDomains } from "#engine/names/registered-domain.ts";

/** An answer to a question for a name under a registered domain. */
export interface Answered {
  readonly domain: RegisteredDomain;
  readonly rcode: string;
  /** Whether records came. */
  readonly hasRecords: boolean;
}

/**
 * What an answer of DNS says about a name; undefined for questions, answers of neighbours (mDNS, LLMNR), names of private
 * networks, and reverse look-ups.
 */
export function answeredOf(fact: TransactionFact, domains: RegisteredDomains): Answered | undefined {
  const { fields } = fact;
  if (fields["type"] !== "answer" || fields["variant"] !== undefined || fields["opcode"] !== 0) return undefined;
  const { rrname, rcode, answers } = fields;
  if (typeof rrname !== "string" || typeof rcode !== "string") return undefined;
  const domain = domains.split(rrname);
  if (domain === undefined || !domain.isListed || domain.suffix.endsWith("arpa")) return undefined;
  return { domain, rcode, hasRecords: Array.isArray(answers) && answers.length > 0 };
}
