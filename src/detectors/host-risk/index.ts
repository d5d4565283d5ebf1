import { halfLifeSeconds } from "#contract/host-risk.ts";
import { defineDetector, definePlugin } from "#contract/plugin.ts";
import { decimal, integer } from "#schema/config-key.ts";
import { HostRisk } from "./host-risk.ts";

export default definePlugin({
  name: "host-risk",
  summary: "A machine of which several things are found within a short time.",
  detectors: [
    defineDetector({
      name: "host-risk",
      summary: "What is found of a host adds up, and fades with time.",
      advice: {
        meaning:
          "Several different things were found of this machine within a short time. Each alone may be harmless; together they ask for a look.",
        next: "Look at the findings of this machine, the gravest first.",
      },
      category: "observation",
      settings: {
        "threshold-risk": decimal(1, "", "Risk of a host that is told: two different attacks of severity high make 1.6 when certain.", {
          min: 0.05,
        }),
        "half-life-s": integer(halfLifeSeconds, "s", "Packet time in which half of a risk goes.", { min: 1 }),
        "causes-min": integer(2, "causes", "Different findings and rules that a told risk rests on.", { min: 1 }),
      },
      create: ({ report, settings, saved }) =>
        new HostRisk(
          { threshold: settings["threshold-risk"], halfLifeSeconds: settings["half-life-s"], causesMin: settings["causes-min"] },
          report,
          saved,
        ),
    }),
  ],
});
