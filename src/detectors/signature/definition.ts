import type { InspectorDefinition } from "#contract/inspector.ts";
import { SignatureGate } from "./gate.ts";
import { SignatureInspector } from "./inspector.ts";
import { loadRules, type RuleSet } from "./rule-set.ts";

/** Loaded when there is something to judge by. */
export const signatureInspector: InspectorDefinition = {
  name: "signature",
  isWanted: (material) => material.files.length > 0,
  load: loadRules,
  create: (rules, flows, alert, tagged) => new SignatureInspector(rules as RuleSet, flows, alert, tagged),
  createGate: (rules) => new SignatureGate(rules as RuleSet),
};
