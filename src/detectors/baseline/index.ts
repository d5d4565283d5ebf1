import { defineDetector, definePlugin } from "#contract/plugin.ts";
import { decimal, flag, integer } from "#schema/config-key.ts";
import { Baseline } from "./baseline.ts";

export default definePlugin({
  name: "baseline",
  summary: "Learns what is usual of hosts, services, networks, ports and protocols, and tells what is not.",
  detectors: [
    defineDetector({
      name: "baseline",
      summary: "Traffic spikes, silence, odd hours; ports, protocols, peers and programs that were never seen here.",
      advice: {
        meaning:
          "Something here is not as it was in the days before. That may be a new program, a new user or a fault as well as an intruder.",
        next: "Ask whether something was changed on the machine at that time. If so, mark the finding as benign; it is learnt as usual by itself.",
      },
      category: "observation",
      reads: ["http", "ssh", "tls"],
      settings: {
        spike: flag(true, "Tells much more traffic, connections, peers or failures than usual at that hour."),
        silence: flag(true, "Tells hosts that are always on, services, networks and captures that fall silent."),
        "activity-hours": flag(true, "Tells hosts that are active at hours at which they never were."),
        "unusual-port": flag(true, "Tells ports that a host never answered on, and ports that nobody used."),
        "rare-protocol": flag(true, "Tells protocols that nobody spoke."),
        "first-peer": flag(true, "Tells who connects for the first time to a service for administration, data or plants."),
        "first-software": flag(true, "Tells User-Agents, SSH clients and TLS clients (JA4) that nobody used."),
        "first-place": flag(true, "Tells countries and autonomous systems that a host had never to do with, where `geo.files` tells them."),
        "unusual-payload": flag(true, "Tells connections in clear text where all were encrypted or binary, and the other way round."),
        "learning-h": integer(24, "h", "Packet time in which is only learnt.", { min: 1, max: 8760 }),
        "interval-min": integer(5, "min", "Length of the intervals in which traffic is counted.", { min: 1, max: 60 }),
        "alerts-per-day": integer(2, "findings", "Most findings a day, of all sorts together.", { min: 1, max: 1000 }),
        "drift-per-day": decimal(0.1, "", "Share by which what is usual may move in a day once it is known.", { max: 2 }),
        "factor-min": decimal(4, "", "Times the usual that make a spike.", { min: 1.5 }),
        "deviations-min": decimal(6, "", "Deviations above the usual, on a logarithmic scale, that make a spike.", { min: 3 }),
        "bytes-min": integer(5_000_000, "bytes", "Bytes in an interval below which there is no spike."),
        "silence-bits": decimal(20, "bits", "Surprise that a silence must have: 20 is one in a million."),
        "news-bits": decimal(10, "bits", "Surprise that something new must have: 10 is one in a thousand observations."),
      },
      create: ({ report, settings, saved }) =>
        new Baseline(
          {
            intervalMicros: settings["interval-min"] * 60e6,
            learningMicros: settings["learning-h"] * 3_600e6,
            driftShare: settings["drift-per-day"],
            factorMin: settings["factor-min"],
            deviationsMin: settings["deviations-min"],
            bytesMin: settings["bytes-min"],
            silenceBits: settings["silence-bits"],
            alertsPerDay: settings["alerts-per-day"],
            newsBits: settings["news-bits"],
            spike: settings.spike,
            silence: settings.silence,
            hours: settings["activity-hours"],
            port: settings["unusual-port"],
            protocol: settings["rare-protocol"],
            peer: settings["first-peer"],
            software: settings["first-software"],
            place: settings["first-place"],
            payload: settings["unusual-payload"],
          },
          report,
          saved,
        ),
    }),
  ],
});
