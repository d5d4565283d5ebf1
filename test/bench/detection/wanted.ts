import type { FindingCategory } from "#schema/finding.ts";

/**
 * Which categories of findings are right for a labelled capture, by the class that its collectors gave it. Malware that
 * talks to its master shows as c2, or by how it does so: in a rhythm, or with what it carries away.
 */
export const wantedCategories: Readonly<Record<string, readonly FindingCategory[]>> = {
  "attack-scan": ["scan"],
  "attack-dos": ["flood"],
  "attack-bruteforce": ["bruteforce"],
  "attack-c2": ["c2", "beacon", "exfiltration"],
  "attack-lateral": ["lateral"],
  "attack-mitm": ["spoofing"],
  "attack-tunnel": ["tunnel", "exfiltration"],
  "attack-exploit": ["exploit"],
};
