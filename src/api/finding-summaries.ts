import { parseTime } from "#base/time.ts";
import { decayed, halfLifeSeconds, riskOf, riskSeverity } from "#contract/host-risk.ts";
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

/**
 * Risk of each host at a time in microseconds, riskiest first: attacks that were found of it, faded since they were last
 * told. What people have closed, or said to be false or benign, does not count; one detector counts once on a host.
 */
export function hostRisks(rows: readonly FindingRow[], time: number): readonly HostRiskRow[] {
  const hosts = new Map<string, Map<string, HostRiskRow["causes"][number] & { readonly techniques: readonly string[] }>>();
  for (const row of rows) {
    if (verdictOf(row.state) !== undefined || !isAttackCategory(row.category)) continue;
    const age = (time - (parseTime(row.last) ?? time)) / 1e6;
    for (const [host, isTarget] of [[row.source, false] as const, [row.target, true] as const]) {
      if (host === undefined) continue;
      const risk = decayed(riskOf({ ...row, isTarget }), age, halfLifeSeconds);
      const key = `${isTarget ? ">" : ""}${row.detector}`;
      const causes = hosts.get(host) ?? new Map();
      if (risk < riskMin || risk <= ((causes.get(key) as { readonly risk: number } | undefined)?.risk ?? 0)) continue;
      hosts.set(
        host,
        causes.set(key, { id: row.id, title: row.title, risk: rounded(risk), is_target: isTarget, techniques: row.techniques }),
      );
    }
  }
  return [...hosts]
    .map(([host, causes]) => riskRow(host, [...causes.values()]))
    .toSorted((a, b) => b.risk - a.risk || (a.host < b.host ? -1 : 1));
}

function riskRow(host: string, all: readonly (HostRiskRow["causes"][number] & { readonly techniques: readonly string[] })[]): HostRiskRow {
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
