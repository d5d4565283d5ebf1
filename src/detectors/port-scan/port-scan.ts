import { MICROS_PER_SECOND, type Micros } from "#base/time.ts";
import type { Detector, Finding, FlowFact } from "#contract/detector.ts";

export interface Limits {
  /** Distinct (address, port) targets without an answer that make a scan. */
  readonly targetsMin: number;
  /** Share of a source's targets that must be without an answer. */
  readonly unansweredMin: number;
  /** Length of the window in which targets are counted, and silence after which a source is forgotten, µs. */
  readonly window: number;
  /** Sources followed at once; the one that was silent longest goes first. */
  readonly sourcesMax: number;
  /** Targets remembered for each source. */
  readonly targetsMax: number;
}

export const defaultLimits: Limits = {
  targetsMin: 40,
  unansweredMin: 0.8,
  window: 300 * MICROS_PER_SECOND,
  sourcesMax: 10_000,
  targetsMax: 1_000,
};

interface Source {
  readonly since: number;
  last: number;
  readonly open: Set<string>;
  readonly shut: Set<string>;
  readonly servers: Set<string>;
  readonly ports: Set<number>;
  told: boolean;
}

const TCP = 6;
const UDP = 17;

/**
 * Horizontal and vertical scans: of the distinct targets that a source has tried, most gave no answer. A flow counts
 * when it has ended, since only then is it known that no answer came.
 */
export class PortScan implements Detector {
  readonly #limits: Limits;
  readonly #report: (finding: Finding) => void;
  /** In the order of the last activity, oldest first. */
  readonly #sources = new Map<string, Source>();

  constructor(limits: Limits, report: (finding: Finding) => void) {
    this.#limits = limits;
    this.#report = report;
  }

  onFlowEnd(fact: FlowFact): void {
    if (fact.protocol !== TCP && fact.protocol !== UDP) return;
    const source = this.#sourceOf(fact.client, fact.time);
    const target = `${fact.server} ${fact.protocol} ${fact.serverPort}`;
    if (fact.answered) source.open.add(target);
    else if (source.shut.size < this.#limits.targetsMax) {
      source.shut.add(target);
      source.servers.add(fact.server);
      source.ports.add(fact.serverPort);
    }
    if (!source.told) this.#judge(source, fact);
  }

  onTick(time: Micros): void {
    for (const [address, source] of this.#sources) {
      if (time - source.last <= this.#limits.window) return;
      this.#sources.delete(address);
    }
  }

  #sourceOf(address: string, time: number): Source {
    let source = this.#sources.get(address);
    if (source === undefined || time - source.since > this.#limits.window) {
      if (source !== undefined) this.#sources.delete(address);
      else if (this.#sources.size >= this.#limits.sourcesMax) this.#sources.delete(this.#sources.keys().next().value as string);
      source = { since: time, last: time, open: new Set(), shut: new Set(), servers: new Set(), ports: new Set(), told: false };
    } else this.#sources.delete(address);
    source.last = time;
    this.#sources.set(address, source);
    return source;
  }

  #judge(source: Source, fact: FlowFact): void {
    const { targetsMin, unansweredMin } = this.#limits;
    const shut = source.shut.size;
    const all = shut + source.open.size;
    if (shut < targetsMin || shut / all < unansweredMin) return;
    source.told = true;
    const vertical = source.servers.size === 1;
    const title = vertical
      ? `${fact.client} tried ${source.ports.size} ports of ${fact.server}, ${shut} of ${all} without an answer`
      : `${fact.client} tried ${source.servers.size} addresses, ${shut} of ${all} targets without an answer`;
    this.#report({
      time: fact.time,
      number: fact.number,
      source: fact.client,
      ...(vertical ? { target: fact.server } : {}),
      title,
      severity: "medium",
      score: Math.min(1, shut / all),
      why: [
        { feature: "distinct targets without an answer", value: shut, threshold: targetsMin, sample: all },
        { feature: "share without an answer", value: Math.round((shut / all) * 1000) / 1000, threshold: unansweredMin, sample: all },
        { feature: "distinct addresses", value: source.servers.size },
        { feature: "distinct ports", value: source.ports.size },
      ],
      techniques: ["T1046"],
    });
  }
}
