import { combine32 } from "#base/hash.ts";
import { MICROS_PER_SECOND, type Micros } from "#base/time.ts";
import type { Detector, Finding, FlowFact } from "#contract/detector.ts";

export interface Limits {
  /** Distinct (address, port) targets without an answer that make a scan. */
  readonly targetsMin: number;
  /** Share of a source's connections that must be without an answer; those before its first failure are not counted. */
  readonly unansweredMin: number;
  /** Length of the window in which targets are counted, s. */
  readonly windowSeconds: number;
}

/** Sources followed at once; the one whose window is oldest goes first. */
const sourcesMax = 10_000;
/** Targets remembered for each source. */
const targetsMax = 1_000;

/** What one source has tried in its window without an answer. Targets and servers are kept as hashes. */
class Source {
  readonly since: number;
  answered = 0;
  told = false;
  readonly shut = new Set<number>();
  readonly servers = new Set<number>();
  readonly ports = new Set<number>();

  constructor(since: number) {
    this.since = since;
  }
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
  /** By hash of the address. */
  readonly #sources = new Map<number, Source>();
  /** The same hashes as a ring, in the order in which their windows began: a map finds its oldest key only slowly. */
  readonly #order: Int32Array;
  #oldest = 0;
  #count = 0;

  constructor(limits: Limits, report: (finding: Finding) => void) {
    this.#limits = limits;
    this.#report = report;
    this.#order = new Int32Array(sourcesMax);
  }

  onFlowEnd(fact: FlowFact): void {
    if (fact.protocol !== TCP && fact.protocol !== UDP) return;
    if (fact.answered) {
      // Most sources are never turned away: nothing is kept for them.
      const known = this.#sources.get(fact.clientHash);
      if (known !== undefined) known.answered++;
      return;
    }
    const source = this.#sourceOf(fact.clientHash, fact.time);
    if (source.told || source.shut.size >= targetsMax) return;
    source.shut.add(combine32(fact.serverHash ^ fact.protocol, fact.serverPort));
    source.servers.add(fact.serverHash);
    source.ports.add(fact.serverPort);
    this.#judge(source, fact);
  }

  onTick(time: Micros): void {
    while (this.#count > 0) {
      const source = this.#sources.get(this.#order[this.#oldest] as number);
      if (source !== undefined && time - source.since <= this.#limits.windowSeconds * MICROS_PER_SECOND) return;
      this.#forgetOldest();
    }
  }

  #sourceOf(address: number, time: number): Source {
    const known = this.#sources.get(address);
    if (known !== undefined) return known;
    if (this.#count === sourcesMax) this.#forgetOldest();
    const source = new Source(time);
    this.#sources.set(address, source);
    this.#order[(this.#oldest + this.#count) % sourcesMax] = address;
    this.#count++;
    return source;
  }

  #forgetOldest(): void {
    this.#sources.delete(this.#order[this.#oldest] as number);
    this.#oldest = (this.#oldest + 1) % sourcesMax;
    this.#count--;
  }

  #judge(source: Source, fact: FlowFact): void {
    const { targetsMin, unansweredMin } = this.#limits;
    const shut = source.shut.size;
    const all = shut + source.answered;
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
    });
  }
}
