import { definePlugin } from "#contract/plugin.ts";
import { IndicatorInspector } from "./inspector.ts";
import { LoadedIndicators } from "./load.ts";

export default definePlugin({
  name: "indicator",
  summary: "Addresses, names, URLs, fingerprints and digests that somebody has listed.",
  inspectors: [
    {
      name: "indicator",
      isWanted: (material) => (material.indicators ?? []).length > 0,
      load: ({ material }) => new LoadedIndicators(material),
      loadInSteps: ({ material, forGates }) => LoadedIndicators.inSteps(material, forGates === true),
      create: (rules, flows, alert) => new IndicatorInspector(rules as LoadedIndicators, flows, alert),
      createGate: () => ({ admit: () => true, use: () => undefined }),
    },
  ],
});
