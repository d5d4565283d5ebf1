import { textOf } from "#base/members.ts";
import type { DetectorDefinition, Reason, ToldFinding } from "#contract/detector.ts";
import type { ForwardedEvent, ForwardReader } from "#contract/forward.ts";
import type { Plugin } from "#contract/plugin.ts";
import { type Advice, type FindingCategory, isAttackCategory, type Severity, severities } from "#schema/finding.ts";

/** What was last told of one cause. */
export interface ReadFinding {
  readonly id: string;
  readonly detector: string;
  readonly category: FindingCategory;
  readonly severity: Severity;
  readonly title: string;
  readonly source?: string | undefined;
  readonly target?: string | undefined;
  /** How often its cause was seen until it was last told. */
  readonly signs: number;
  readonly why: readonly Reason[];
}

/** The findings of a run over files, each cause once. */
export interface ReadFindings {
  readonly count: number;
  /** Only severities that there were. */
  readonly bySeverity: Readonly<Partial<Record<Severity, number>>>;
  /** Gravest first; within a severity who is accused first, then in the order of the capture. At most `keptMax` of each severity. */
  readonly gravest: readonly ReadFinding[];
  /** What they mean and what to do, by detector. */
  readonly advice: Readonly<Record<string, Advice>>;
}

/** Findings of one severity that are kept whole; of more, only how many there were is known. */
const keptMax = 200;

/** Gathers what is told during a run over files, for its summary. */
export class FindingTally {
  /** By id, for each severity. */
  readonly #kept = new Map<Severity, Map<string, ReadFinding>>(severities.map((severity) => [severity, new Map()]));
  /** How many more there were. */
  readonly #dropped = new Map<Severity, number>();

  take(finding: ReadFinding): void {
    const before = this.#keptAs(finding.id);
    const kept = this.#kept.get(finding.severity) as Map<string, ReadFinding>;
    if (before !== finding.severity && before !== undefined) this.#kept.get(before)?.delete(finding.id);
    if (before === finding.severity || kept.size < keptMax) kept.set(finding.id, finding);
    else if (before !== undefined || finding.signs === 1) this.#dropped.set(finding.severity, this.#notKept(finding.severity) + 1);
  }

  /** Hears what detectors tell. */
  get listener(): DetectorDefinition {
    return {
      name: "read-findings",
      summary: "Gathers findings for the summary of a run.",
      category: "observation",
      create: () => ({ onFinding: (told) => this.take(ofTold(told)) }),
    };
  }

  /** The same reader, whose findings are heard too. */
  heard(reader: ForwardReader): ForwardReader {
    const through =
      (emit: ForwardedEvent): ForwardedEvent =>
      (event) => {
        if (event.kind === "finding") this.#takeForwarded(event);
        emit(event);
      };
    return {
      claims: reader.claims,
      start: () => reader.start(),
      block: (each, clock, emit) => reader.block(each, clock, through(emit)),
      finish: (clock, emit) => reader.finish(clock, through(emit)),
      [Symbol.asyncDispose]: () => reader[Symbol.asyncDispose](),
    };
  }

  /** What was told, with the advice of the detectors of these plugins. */
  result(plugins: readonly Plugin[]): ReadFindings {
    const counts = severities
      .map((severity): [Severity, number] => [severity, (this.#kept.get(severity)?.size ?? 0) + this.#notKept(severity)])
      .filter(([, count]) => count > 0)
      .toReversed();
    const gravest = severities.toReversed().flatMap((severity) => accusedFirst([...(this.#kept.get(severity)?.values() ?? [])]));
    const named = new Set(gravest.map(({ detector }) => detector));
    const advice = plugins
      .flatMap(({ detectors = [] }) => detectors)
      .flatMap((detector) =>
        named.has(detector.name) && detector.advice !== undefined ? [[detector.name, detector.advice] as const] : [],
      );
    return {
      count: counts.reduce((sum, [, count]) => sum + count, 0),
      bySeverity: Object.fromEntries(counts),
      gravest,
      advice: Object.fromEntries(advice),
    };
  }

  #takeForwarded({ members, flow }: Parameters<ForwardedEvent>[0]): void {
    const finding = members["finding"] as Omit<ReadFinding, "id" | "signs"> & { readonly player?: unknown };
    const { detector, category, severity, title, why } = finding;
    // A player is told of once for each thing: its title names both.
    const id = `${detector} ${textOf(finding.player)} ${title}`;
    this.take({ id, detector, category, severity, title, source: flow?.client, target: flow?.server, signs: 1, why });
  }

  #keptAs(id: string): Severity | undefined {
    return severities.find((severity) => this.#kept.get(severity)?.has(id));
  }

  #notKept(severity: Severity): number {
    return this.#dropped.get(severity) ?? 0;
  }
}

const ofTold = ({ id, detector, category, severity, title, source, target, signs, why }: ToldFinding): ReadFinding => ({
  id,
  detector,
  category,
  severity,
  title,
  source,
  target,
  signs,
  why,
});

const accusedFirst = (findings: readonly ReadFinding[]): readonly ReadFinding[] =>
  findings.toSorted((a, b) => Number(isAttackCategory(b.category)) - Number(isAttackCategory(a.category)));
