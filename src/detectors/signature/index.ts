import { definePlugin } from "#contract/plugin.ts";

export default definePlugin({
  name: "signature",
  summary: "Rules in Suricata's language, judged as Suricata does.",
  openInspectors: async () => [(await import("./definition.ts")).signatureInspector],
});
