import { combine32, mix32 } from "#base/hash.ts";
import { MICROS_PER_SECOND } from "#base/time.ts";
import type { Detector, Finding, TransactionFact } from "#contract/detector.ts";
import { addressesOf } from "./addresses.ts";

export interface RaceLimits {
  /** Longest time between two answers to one question; those that are further apart answer a repeated question. */
  readonly gapMillisMax: number;
  /** Contradicting pairs of answers of one server that are told. */
  readonly racesMin: number;
}

/** Places for questions, a power of two; a question takes the place of whichever stands where it must. */
const questionsMax = 8192;
const serversMax = 1024;
/** Time for which a question may be answered. */
const openMicros = 5 * MICROS_PER_SECOND;

interface Open {
  flowId: number;
  id: number;
  name: string;
  type: unknown;
  since: number;
  queries: number;
  answers: number;
  /** Time of the first answer. */
  answered: number;
  /** Its addresses; empty when it said that the name does not exist. */
  first: readonly string[];
  isMissing: boolean;
}

const empty = (): Open => ({
  flowId: -1,
  id: -1,
  name: "",
  type: undefined,
  since: 0,
  queries: 0,
  answers: 0,
  answered: 0,
  first: [],
  isMissing: false,
});

/**
 * Two answers to one question that contradict each other: somebody on the way answered before the server did. Repeated
 * questions have as many answers, and answers that share an address are one site's; both are left alone.
 */
export class AnswerRace implements Detector {
  readonly #limits: RaceLimits;
  readonly #report: (finding: Finding) => void;
  readonly #open = Array.from({ length: questionsMax }, empty);
  /** Contradictions by hash of the server. */
  readonly #races = new Map<number, number>();

  constructor(limits: RaceLimits, report: (finding: Finding) => void) {
    this.#limits = limits;
    this.#report = report;
  }

  onTransaction(fact: TransactionFact): void {
    const { fields } = fact;
    if (fields["variant"] !== undefined || fields["opcode"] !== 0 || fact.protocol !== 17) return;
    const { rrname, rrtype, id } = fields;
    if (typeof rrname !== "string" || typeof id !== "number") return;
    const open = this.#open[mix32(combine32(fact.flowId | 0, id)) & (questionsMax - 1)] as Open;
    const isSame =
      open.flowId === fact.flowId && open.id === id && open.type === rrtype && open.name === rrname && fact.time - open.since <= openMicros;
    if (fields["type"] !== "query") {
      if (isSame) this.#answer(open, rrname, fact);
    } else if (isSame) open.queries++;
    else {
      open.flowId = fact.flowId;
      open.id = id;
      open.name = rrname;
      open.type = rrtype;
      open.since = fact.time;
      open.queries = 1;
      open.answers = 0;
    }
  }

  #answer(open: Open, name: string, fact: TransactionFact): void {
    open.answers++;
    const addresses = addressesOf(fact)?.addresses ?? [];
    const isMissing = fact.fields["rcode"] === "NXDOMAIN";
    if (open.answers === 1) {
      open.answered = fact.time;
      open.first = addresses;
      open.isMissing = isMissing;
      return;
    }
    if (open.answers <= open.queries || fact.time - open.answered > this.#limits.gapMillisMax * 1000) return;
    if (!contradicts(open, addresses, isMissing)) return;
    const races = (this.#races.get(fact.serverHash) ?? 0) + 1;
    if (races === 1 && this.#races.size >= serversMax) this.#races.clear();
    this.#races.set(fact.serverHash, races);
    if (races < this.#limits.racesMin) return;
    this.#tell(open, name, addresses, races, fact);
  }

  #tell(open: Open, name: string, addresses: readonly string[], races: number, fact: TransactionFact): void {
    this.#report({
      time: fact.time,
      number: fact.number,
      flowId: fact.flowId,
      source: fact.server,
      target: fact.client,
      title: `${fact.client} got ${open.answers} answers of ${fact.server} to one question for ${name}: ${said(open.first)}, then ${said(addresses)}`,
      severity: "high",
      score: Math.min(0.95, 0.75 + 0.05 * races),
      why: [
        { feature: "answers to one question", value: open.answers, threshold: open.queries + 1, sample: open.queries },
        { feature: "first answer", value: said(open.first) },
        { feature: "later answer", value: said(addresses) },
        { feature: "contradicting answers of this server", value: races, threshold: this.#limits.racesMin },
      ],
    });
  }
}

const said = (addresses: readonly string[]): string => (addresses.length === 0 ? "does not exist" : addresses.slice(0, 3).join(", "));

/** No address in common, or there is one where there was none. */
function contradicts({ first, isMissing }: Open, addresses: readonly string[], isMissingNow: boolean): boolean {
  if (isMissing !== isMissingNow) return isMissing ? addresses.length > 0 : first.length > 0;
  return first.length > 0 && addresses.length > 0 && !addresses.some((address) => first.includes(address));
}
