import { OldestFirstMap } from "#base/oldest-first.ts";
import { MICROS_PER_SECOND, type Micros } from "#base/time.ts";
import type { Detector, Finding, FlowFact } from "#contract/detector.ts";
import { Outcome, outcomeOf, TCP } from "./attempt.ts";
import { Majority } from "./majority.ts";
import { duration } from "./words.ts";

export interface DistributedLimits {
  readonly portsMin: number;
  readonly sourcesMin: number;
  readonly shutMin: number;
  readonly windowSeconds: number;
}

/** Targets followed at once; the one whose window began first goes. */
const targetsMax = 2_000;
/** Ports and sources remembered of each target; 40 MB when all have as many. */
const portsMax = 256;
/** No source has found more than this share of the ports: else it is that one's scan. */
const oneSourceMax = 0.5;
/** Knocks a second above which it is a flood with random ports. */
const floodPace = 200;

interface Target {
  readonly since: number;
  readonly ports: Set<number>;
  readonly sources: Set<number>;
  readonly most: Majority;
  first: number;
  last: number;
  knocks: number;
  answered: number;
  told: boolean;
}

/**
 * Many sources that share the ports of one host among them, so that none of them stands out. A dead server with many
 * clients has one port, not many.
 */
export class DistributedScan implements Detector {
  readonly #limits: DistributedLimits;
  readonly #report: (finding: Finding) => void;
  readonly #targets = new OldestFirstMap<number, Target>(targetsMax);

  constructor(limits: DistributedLimits, report: (finding: Finding) => void) {
    this.#limits = limits;
    this.#report = report;
  }

  onFlowUnanswered(fact: FlowFact): void {
    this.#knock(fact);
  }

  onFlowEnd(fact: FlowFact): void {
    if (!fact.waited) this.#knock(fact);
  }

  #knock(fact: FlowFact): void {
    if (fact.protocol !== TCP) return;
    const outcome = outcomeOf(fact);
    if (outcome === Outcome.none || outcome === Outcome.bounced) return;
    const target = this.#targetOf(fact.serverHash, fact.time, outcome);
    if (target === undefined || target.told) return;
    if (outcome === Outcome.answered) {
      target.answered++;
      return;
    }
    target.knocks++;
    target.first = Math.min(target.first, fact.start);
    target.last = Math.max(target.last, fact.time);
    // Who comes to a port that another has tried before adds nothing: a flood or a crowd beside one scanner is no team.
    if (target.ports.has(fact.serverPort) || target.ports.size >= portsMax) return;
    target.ports.add(fact.serverPort);
    target.sources.add(fact.clientHash);
    target.most.add(fact.clientHash);
    this.#judge(target, fact);
  }

  onTick(time: Micros): void {
    const end = time - 2 * this.#limits.windowSeconds * MICROS_PER_SECOND;
    this.#targets.expire(({ since }) => since < end);
  }

  #targetOf(address: number, time: number, outcome: Outcome): Target | undefined {
    const known = this.#targets.get(address);
    if (known !== undefined && time - known.since <= this.#limits.windowSeconds * MICROS_PER_SECOND) return known;
    if (outcome === Outcome.answered) return undefined;
    const target: Target = {
      since: time,
      ports: new Set(),
      sources: new Set(),
      most: new Majority(),
      first: time,
      last: time,
      knocks: 0,
      answered: 0,
      told: false,
    };
    this.#targets.renew(address, target);
    return target;
  }

  #judge(target: Target, fact: FlowFact): void {
    const { portsMin, sourcesMin, shutMin } = this.#limits;
    const { ports, sources, knocks } = target;
    if (ports.size < portsMin || sources.size < sourcesMin) return;
    const all = knocks + target.answered;
    const span = Math.max(1, target.last - target.first);
    // Ports that are tried about once each are shared out; a service's own clients come back to its few ports.
    if (knocks < shutMin * all || target.most.share > oneSourceMax || ports.size < knocks / 3) return;
    if ((knocks * MICROS_PER_SECOND) / span > floodPace) return;
    target.told = true;
    this.#report({
      time: fact.time,
      number: fact.number,
      target: fact.server,
      title: `${sources.size} sources tried ${ports.size} TCP ports of ${fact.server} between them in ${duration(span)}, ${knocks} of ${all} knocks without an answer`,
      severity: "medium",
      score: Math.min(1, knocks / all),
      why: [
        { feature: "distinct ports without an answer", value: ports.size, threshold: portsMin, sample: knocks },
        { feature: "distinct sources", value: sources.size, threshold: sourcesMin, sample: knocks },
        { feature: "share without an answer", value: knocks / all, threshold: shutMin, sample: all },
        { feature: "share of the busiest source", value: target.most.share, threshold: oneSourceMax, sample: ports.size },
      ],
    });
  }
}
