import { definePlugin } from "#contract/plugin.ts";
import { SignatureGate } from "./gate.ts";
import { SignatureInspector } from "./inspector.ts";
import { loadRules, type RuleSet } from "./rule-set.ts";

export default definePlugin({
  name: "signature",
  summary: "Rules in Suricata's language, judged as Suricata does.",
  inspectors: [
    {
      name: "signature",
      isWanted: (material) => material.files.length > 0,
      load: loadRules,
      create: (rules, flows, alert) => new SignatureInspector(rules as RuleSet, flows, alert),
      createGate: (rules) => new SignatureGate(rules as RuleSet),
    },
  ],
});
