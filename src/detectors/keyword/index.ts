import { definePlugin } from "#contract/plugin.ts";
import { SignatureInspector } from "#detectors/signature/inspector.ts";
import type { RuleSet } from "#detectors/signature/rule-set.ts";
import { KeywordGate } from "./gate.ts";
import { loadKeywords } from "./load.ts";

export default definePlugin({
  name: "keyword",
  summary: "Words of a list that people edit, whole and in their place.",
  needs: ["signature"],
  inspectors: [
    {
      name: "keyword",
      isWanted: (material) => (material.keywords ?? []).length > 0,
      load: loadKeywords,
      create: (rules, flows, alert) => new SignatureInspector(rules as RuleSet, flows, alert),
      createGate: (rules) => new KeywordGate(rules as RuleSet),
    },
  ],
});
