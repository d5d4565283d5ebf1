import { definePlugin } from "#contract/plugin.ts";
import { defaultLimits, PortScan } from "./port-scan.ts";

export default definePlugin({
  name: "port-scan",
  summary: "A machine that knocks at many doors of which few open.",
  detectors: [
    { name: "port-scan", summary: "Many unanswered connections of one source.", create: (report) => new PortScan(defaultLimits, report) },
  ],
});
