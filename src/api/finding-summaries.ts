import { membersOf, textOf } from "#base/members.ts";
import { parseTime } from "#base/time.ts";
import type { OddwireEvent } from "#contract/event.ts";
import { decayed, halfLifeSeconds, riskOf, riskSeverity, ruleOfLabel } from "#contract/host-risk.ts";
import { isAttackCategory, type Severity, severities } from "#schema/finding.ts";
import { type FindingRow, type HostRiskRow, type TechniqueRow, verdictOf } from "#schema/finding-mark.ts";

/** Threshold above which a host's risk has a severity, as `host-risk.threshold-risk` has it by default. */
const threshold = 1;
/** Risks below are faded. */
const riskMin = 0.01;
const causesMax = 32;

const rank = (severity: Severity): number => severities.indexOf(severity);

/** Techniques of ATT&CK that findings name, most findings first. */
export function techniquesOf(rows: readonly FindingRow[]): readonly TechniqueRow[] {
  const byTechnique = new Map<string, FindingRow[]>();
  for (const row of rows) for (const technique of row.techniques) byTechnique.set(technique, [...(byTechnique.get(technique) ?? []), row]);
  return [...byTechnique]
    .map(
      ([technique, named]): TechniqueRow => ({
        technique,
        findings: named.length,
        hosts: new Set(named.map(({ source }) => source)).size,
        severity: named.map(({ severity }) => severity).reduce((a, b) => (rank(b) > rank(a) ? b : a)),
        detectors: [...new Set(named.map(({ detector }) => detector))].toSorted(),
      }),
    )
    .toSorted((a, b) => b.findings - a.findings || (a.technique < b.technique ? -1 : 1));
}

/** A finding as it was told last, and its row. */
export interface FoundOnce {
  readonly row: FindingRow;
  readonly event: OddwireEvent;
}

/** What a host's risk is made of, before it has faded. */
interface Share {
  readonly host: string;
  /** What counts once on a host. */
  readonly key: string;
  readonly title: string;
  readonly weight: number;
  readonly isTarget: boolean;
}

type Cause = HostRiskRow["causes"][number] & { readonly techniques: readonly string[] };

/**
 * Risk of each host at a time in microseconds, riskiest first: attacks that were found of it and rules that it met, faded since
 * they were last told. What people have closed, or said to be false or benign, does not count; one detector or rule counts
 * once on a host.
 */
export function hostRisks(found: readonly FoundOnce[], time: number): readonly HostRiskRow[] {
  const hosts = new Map<string, Map<string, Cause>>();
  for (const { row, event } of found) {
    if (verdictOf(row.state) !== undefined) continue;
    const age = (time - (parseTime(row.last) ?? time)) / 1e6;
    for (const { host, key, title, weight, isTarget } of sharesOf(row, event)) {
      const risk = decayed(weight, age, halfLifeSeconds);
      const causes = hosts.get(host) ?? new Map<string, Cause>();
      if (risk < riskMin || risk <= (causes.get(key)?.risk ?? 0)) continue;
      hosts.set(host, causes.set(key, { id: row.id, title, risk: rounded(risk), is_target: isTarget, techniques: row.techniques }));
    }
  }
  return [...hosts]
    .map(([host, causes]) => riskRow(host, [...causes.values()]))
    .toSorted((a, b) => b.risk - a.risk || (a.host < b.host ? -1 : 1));
}

/** What a finding adds to the hosts that it names. */
function sharesOf(row: FindingRow, event: OddwireEvent): readonly Share[] {
  const { source, target, detector, title } = row;
  // The risk of a host is told with its parts: those of detectors are counted from their own findings, which people may have judged.
  if (detector === "host-risk") return source === undefined ? [] : rulesMet(source, event);
  if (!isAttackCategory(row.category)) return [];
  const ends = [[source, false] as const, [target, true] as const];
  return ends.flatMap(([host, isTarget]) =>
    host === undefined ? [] : [{ host, key: `${isTarget ? ">" : ""}${detector}`, title, weight: riskOf({ ...row, isTarget }), isTarget }],
  );
}

/** Rules that a host met, as the finding of its risk names them. */
function rulesMet(host: string, event: OddwireEvent): readonly Share[] {
  const { why } = membersOf(event["finding"]);
  const reasons: readonly unknown[] = Array.isArray(why) ? why : [];
  return reasons.map(membersOf).flatMap(({ feature, value }) => {
    const met = ruleOfLabel(textOf(feature));
    if (met === undefined || typeof value !== "number") return [];
    return [{ host, key: `${met.isTarget ? ">" : ""}${met.rule}`, title: met.title, weight: value, isTarget: met.isTarget }];
  });
}

function riskRow(host: string, all: readonly Cause[]): HostRiskRow {
  const causes = all.toSorted((a, b) => b.risk - a.risk).slice(0, causesMax);
  const risk = rounded(causes.reduce((sum, cause) => sum + cause.risk, 0));
  const severity = riskSeverity(risk, threshold);
  return {
    host,
    risk,
    ...(severity !== undefined && { severity }),
    causes: causes.map(({ techniques: _techniques, ...cause }) => cause),
    techniques: [...new Set(causes.flatMap(({ techniques }) => techniques))].toSorted(),
  };
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000;
