import { definePlugin } from "#contract/plugin.ts";

export default definePlugin({
  name: "keyword",
  summary: "Words of a list that people edit, whole and in their place.",
  needs: ["signature"],
  openInspectors: async () => [(await import("./definition.ts")).keywordInspector],
});
