import type { InspectorDefinition } from "#contract/inspector.ts";
import { IndicatorInspector } from "./inspector.ts";
import { LoadedIndicators } from "./load.ts";

/** Loaded when there is something to judge by. */
export const indicatorInspector: InspectorDefinition = {
  name: "indicator",
  isWanted: (material) => (material.indicators ?? []).length > 0,
  load: ({ material }) => new LoadedIndicators(material),
  loadInSteps: ({ material, forGates }) => LoadedIndicators.inSteps(material, forGates === true),
  create: (rules, flows, alert) => new IndicatorInspector(rules as LoadedIndicators, flows, alert),
  createGate: () => ({ admit: () => true, use: () => undefined }),
};
