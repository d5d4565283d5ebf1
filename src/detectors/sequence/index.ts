import { defineDetector, definePlugin } from "#contract/plugin.ts";
import { decimal, integer } from "#schema/config-key.ts";
import { namePaths } from "./message-name.ts";
import { Sequences } from "./sequences.ts";

export default definePlugin({
  name: "sequence",
  summary: "Learns the order of messages of any protocol that names them, and tells orders that are unlike all before.",
  detectors: [
    defineDetector({
      name: "sequence",
      summary: "Messages in an order that is improbable by the sequences before.",
      advice: {
        meaning:
          "Two programs talked in an order that was not seen before: a new version, a fault, or somebody who tries the protocol by hand.",
        next: "See what the client is and whether something was changed. If it is in order, mark the finding as benign.",
      },
      category: "observation",
      reads: [...namePaths.keys()],
      settings: {
        "learning-h": integer(24, "h", "Packet time in which is only learnt.", { min: 1, max: 8760 }),
        "sequences-min": integer(200, "sequences", "Sequences of a protocol and direction before one is judged.", { min: 30 }),
        "deviations-min": decimal(6, "", "Deviations above the usual surprise from which on a sequence stands out.", { min: 2 }),
        "rarest-bits-min": decimal(8, "bits", "Surprise of the rarest step: 8 is one in 256.", { min: 1 }),
        "alerts-per-day": integer(1, "findings", "Most findings a day.", { min: 1, max: 1000 }),
      },
      create: ({ report, settings, saved }) =>
        new Sequences(
          {
            learningMicros: settings["learning-h"] * 3_600e6,
            sequencesMin: settings["sequences-min"],
            deviationsMin: settings["deviations-min"],
            rarestBitsMin: settings["rarest-bits-min"],
            alertsPerDay: settings["alerts-per-day"],
          },
          report,
          saved,
        ),
    }),
  ],
});
