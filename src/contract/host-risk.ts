import { type FindingCategory, isAttackCategory, type Severity } from "#schema/finding.ts";

/** Threat level of a severity, 0 to 1, as Slips weighs evidence. */
export const threatLevels: Readonly<Record<Severity, number>> = { info: 0, low: 0.2, medium: 0.5, high: 0.8, critical: 1 };

/** What a victim carries of what is found of its attacker. */
const targetShare = 0.2;
/** Ten times the signs weigh a quarter more, up to twice as much. */
const decadeShare = 0.25;
const repeatMax = 2;

/** One cause that makes a host suspect. */
export interface RiskCause {
  readonly category: FindingCategory;
  readonly severity: Severity;
  /** How sure, 0 to 1. */
  readonly confidence: number;
  readonly signs: number;
  /** True for the one whom it was done to. */
  readonly isTarget: boolean;
}

/**
 * What a cause adds to its host's risk at the time of its last sign: threat level × confidence, more when it was seen
 * often, less for a target. Only attacks count.
 */
export function riskOf({ category, severity, confidence, signs, isTarget }: RiskCause): number {
  if (!isAttackCategory(category)) return 0;
  const often = Math.min(repeatMax, 1 + decadeShare * Math.log10(Math.max(1, signs)));
  return threatLevels[severity] * confidence * often * (isTarget ? targetShare : 1);
}

/** What is left of a risk after a time in which half of it goes every `halfLife`; both in one unit. */
export const decayed = (risk: number, age: number, halfLife: number): number => risk * 0.5 ** (Math.max(0, age) / halfLife);

/** How a told risk names a rule that its host met, or that was met against it. */
export const ruleLabel = (sid: unknown, signature: unknown, isTarget: boolean): string =>
  `${isTarget ? targetOf : ""}rule ${String(sid)}: ${String(signature)}`;

/** The rule that a reason of a told risk names; `undefined` when it names a detector, or the risk itself. */
export function ruleOfLabel(label: string): { readonly rule: string; readonly title: string; readonly isTarget: boolean } | undefined {
  const isTarget = label.startsWith(targetOf);
  const title = isTarget ? label.slice(targetOf.length) : label;
  const [, rule] = /^(rule \d+): /.exec(title) ?? [];
  return rule === undefined ? undefined : { rule, title, isTarget };
}

/** Before what was done to a host. */
export const targetOf = "target of ";

/** Time in which half of a risk goes, unless the configuration says otherwise, s. */
export const halfLifeSeconds = 3600;

/** Severity of a host by its risk, as multiples of the threshold; `undefined` below it. */
export function riskSeverity(risk: number, threshold: number): Severity | undefined {
  if (risk < threshold) return undefined;
  if (risk >= 4 * threshold) return "critical";
  return risk >= 2 * threshold ? "high" : "medium";
}
