import { definePlugin } from "#contract/plugin.ts";

export default definePlugin({
  name: "indicator",
  summary: "Addresses, names, URLs, fingerprints and digests that somebody has listed.",
  openInspectors: async () => [(await import("./definition.ts")).indicatorInspector],
});
