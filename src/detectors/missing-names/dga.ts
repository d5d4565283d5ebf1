import { OldestFirstMap } from "#base/oldest-first.ts";
import { MICROS_PER_SECOND, type Micros } from "#base/time.ts";
import type { Detector, Finding, TransactionFact } from "#contract/detector.ts";
import { judgeName } from "#engine/names/dga-score.ts";
import { type RegisteredDomain, RegisteredDomains } from "#engine/names/registered-domain.ts";
import { textKey } from "#engine/stats/key.ts";
import { answeredOf } from "./missing.ts";
import { Seeker } from "./seeker.ts";

export interface Limits {
  /** Made-up domains of a client that do not exist. */
  readonly madeUpMin: number;
  /** Score from which on a name counts as made up. */
  readonly scoreMin: number;
  /** Share of them among the domains that do not exist. */
  readonly shareMin: number;
  /** Domains that do not exist, whatever they look like, that make a search of joined words. */
  readonly missingMin: number;
  readonly windowSeconds: number;
}

/** Clients followed at once; the one that was silent for longest goes first. */
const clientsMax = 4096;
const namesMax = 16_384;
/** Share of a client's domains that do not exist, in a search by joined words. */
const missingShareMin = 0.8;
/** Share of such a search's names that consist of two words or more, and how much words must cover. */
const joinedShareMin = 0.7;

/**
 * Programs that seek their master by made-up names: most do not exist. A single name is a hint and never told; the number
 * of different ones that a client is told not to exist is what counts.
 */
export class Dga implements Detector {
  readonly #limits: Limits;
  readonly #report: (finding: Finding) => void;
  readonly #domains = new RegisteredDomains(namesMax);
  /** By hash of the client, in the order of their last missing name. */
  readonly #seekers = new OldestFirstMap<number, Seeker>(clientsMax);

  constructor(limits: Limits, report: (finding: Finding) => void) {
    this.#limits = limits;
    this.#report = report;
  }

  onTransaction(fact: TransactionFact): void {
    const answered = answeredOf(fact, this.#domains);
    if (answered === undefined) return;
    const { domain, rcode, hasRecords } = answered;
    if (rcode === "NXDOMAIN") this.#miss(domain, fact);
    else if (hasRecords) this.#find(domain, fact);
  }

  onTick(time: Micros): void {
    this.#seekers.expire((seeker) => time - seeker.last > this.#limits.windowSeconds * MICROS_PER_SECOND);
  }

  #miss(domain: RegisteredDomain, fact: TransactionFact): void {
    const { clientHash, time } = fact;
    const seeker = this.#seekers.get(clientHash) ?? new Seeker(time, this.#limits.windowSeconds * MICROS_PER_SECOND);
    this.#seekers.renew(clientHash, seeker);
    if (!seeker.miss(textKey(domain.domain), time)) return;
    const judgement = judgeName(domain);
    if (judgement !== undefined) seeker.judge(domain.domain, judgement.score >= this.#limits.scoreMin, isJoined(domain, judgement));
    this.#weigh(seeker, fact);
  }

  /** A client that exists proves little: only those that miss names are followed. */
  #find(domain: RegisteredDomain, fact: TransactionFact): void {
    const seeker = this.#seekers.get(fact.clientHash);
    if (seeker === undefined || !seeker.find(textKey(domain.domain), fact.time)) return;
    if (seeker.madeUp < this.#limits.madeUpMin || seeker.reached !== undefined) return;
    if ((judgeName(domain)?.score ?? 0) >= this.#limits.scoreMin) seeker.reached = domain.domain;
  }

  #weigh(seeker: Seeker, fact: TransactionFact): void {
    const { madeUpMin, shareMin, missingMin } = this.#limits;
    const { madeUp, missing, found, joined } = seeker;
    if (missing < seeker.weighAt) return;
    if (madeUp >= madeUpMin && madeUp >= shareMin * missing) this.#tell(seeker, fact, true);
    else if (missing >= missingMin && missing >= missingShareMin * (missing + found) && joined >= joinedShareMin * missing)
      this.#tell(seeker, fact, false);
    else return;
    seeker.weighAt = missing * 2;
  }

  #tell(seeker: Seeker, fact: TransactionFact, isMadeUp: boolean): void {
    const { madeUp, missing, found, joined, examples, reached } = seeker;
    const { madeUpMin, shareMin, missingMin } = this.#limits;
    const minutes = Math.max(1, Math.round(seeker.spanMicros(fact.time) / MICROS_PER_SECOND / 60));
    const what = isMadeUp ? `${madeUp} made-up domains` : `${missing} domains of joined words`;
    const score = isMadeUp ? Math.min(0.99, 0.6 + 0.3 * (madeUp / missing) + 0.05 * Math.log2(madeUp / madeUpMin)) : 0.7;
    this.#report({
      time: fact.time,
      number: fact.number,
      flowId: fact.flowId,
      source: fact.client,
      cause: fact.client,
      title: `${fact.client} asked for ${what} that do not exist within ${minutes} min, such as ${examples.join(", ")}`,
      severity: isMadeUp ? "high" : "medium",
      score,
      why: [
        { feature: "made-up domains that do not exist", value: madeUp, threshold: madeUpMin, sample: missing },
        { feature: "share of made-up ones", value: madeUp / missing, threshold: shareMin, sample: missing },
        { feature: "domains that do not exist", value: missing, threshold: missingMin, sample: missing + found },
        { feature: "domains of joined words", value: joined, sample: missing },
        ...(reached === undefined ? [] : [{ feature: "made-up domain that exists", value: reached }]),
      ],
    });
  }
}

/** Two words or more that cover most of a long label. */
const isJoined = ({ label }: RegisteredDomain, { covered }: { readonly covered: number }): boolean => label.length >= 8 && covered >= 0.75;
