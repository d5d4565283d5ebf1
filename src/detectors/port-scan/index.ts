import { defineDetector, definePlugin } from "#contract/plugin.ts";
import { decimal, integer } from "#schema/config-key.ts";
import { PortScan } from "./port-scan.ts";

export default definePlugin({
  name: "port-scan",
  summary: "A machine that knocks at many doors of which few open.",
  detectors: [
    defineDetector({
      name: "port-scan",
      summary: "Many unanswered connections of one source.",
      category: "scan",
      techniques: ["T1046"],
      settings: {
        "targets-min": integer(40, "targets", "Distinct (address, port) targets without an answer that make a scan.", { min: 2 }),
        "unanswered-min": decimal(0.8, "", "Share of a source's connections without an answer that makes a scan.", { max: 1 }),
        "window-s": integer(300, "s", "Packet time in which targets are counted.", { min: 1 }),
      },
      create: ({ report, settings }) =>
        new PortScan(
          { targetsMin: settings["targets-min"], unansweredMin: settings["unanswered-min"], windowSeconds: settings["window-s"] },
          report,
        ),
    }),
  ],
});
