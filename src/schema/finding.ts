/** What a finding is about: a closed list, so that people and programs can sort by it. */
export const findingCategories = [
  "scan",
  "flood",
  "bruteforce",
  "beacon",
  "tunnel",
  "exfiltration",
  "spoofing",
  "lateral",
  "c2",
  "exploit",
  "policy",
  "observation",
] as const;
export type FindingCategory = (typeof findingCategories)[number];

/** Categories that accuse somebody; the others tell what is so, without a verdict about who means harm. */
export const isAttackCategory = (category: FindingCategory): boolean => category !== "policy" && category !== "observation";

/** From harmless to urgent. */
export const severities = ["info", "low", "medium", "high", "critical"] as const;
export type Severity = (typeof severities)[number];

/** What a detector's findings are to people who are no experts. */
export interface Advice {
  /** What has probably happened, the harmless way too, and how bad it would be. */
  readonly meaning: string;
  /** What to do about it. */
  readonly next: string;
}
