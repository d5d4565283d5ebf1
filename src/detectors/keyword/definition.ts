import type { InspectorDefinition } from "#contract/inspector.ts";
import { SignatureInspector } from "#detectors/signature/inspector.ts";
import type { RuleSet } from "#detectors/signature/rule-set.ts";
import { KeywordGate } from "./gate.ts";
import { loadKeywords } from "./load.ts";

/** Loaded when there is something to judge by. */
export const keywordInspector: InspectorDefinition = {
  name: "keyword",
  isWanted: (material) => (material.keywords ?? []).length > 0,
  load: loadKeywords,
  create: (rules, flows, alert) => new SignatureInspector(rules as RuleSet, flows, alert),
  createGate: (rules) => new KeywordGate(rules as RuleSet),
};
