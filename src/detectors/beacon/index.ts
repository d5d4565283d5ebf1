import { defineDetector, definePlugin } from "#contract/plugin.ts";
import { decimal, integer } from "#schema/config-key.ts";
import { Beacon } from "./beacon.ts";
import { Heartbeat } from "./heartbeat.ts";
import { LongConnection } from "./long-connection.ts";

export default definePlugin({
  name: "beacon",
  summary: "Programs that call home by themselves, on a clock, over many connections or one, and connections that never end.",
  detectors: [
    defineDetector({
      name: "beacon",
      summary: "A client that calls one server or web address outside on a clock.",
      advice: {
        meaning:
          "A program calls the same place outside on a clock. Update checks and monitoring do so, and malware that asks for its orders.",
        next: "Find out which program on the machine it is and whose the server is. If nobody knows it, take the machine off the network and examine it.",
      },
      category: "beacon",
      techniques: ["T1071.001", "T1573"],
      reads: ["tls", "quic", "http"],
      settings: {
        "contacts-min": integer(20, "contacts", "Contacts of a pair before it is judged for the first time.", { min: 12 }),
        "score-min": decimal(0.9, "", "Score that is told; at 0.5 things speak as much for a beacon as against it.", { max: 1 }),
        "gap-min-s": decimal(1, "s", "Mean time between contacts below which it is no beacon but load."),
        "duration-min-s": integer(
          28_800,
          "s",
          "Time for which a pair calls; less is told where no more was watched. Programs that people leave open last for hours.",
        ),
        "irregular-min-s": integer(86_400, "s", "The same for a pair whose contacts have no period, whatever was watched."),
        "accusations-per-day": integer(
          3,
          "findings",
          "Most accusations within 24 hours of packet time; what is found beyond them is told as an observation.",
          { min: 1, max: 1000 },
        ),
        "judgements-max": integer(120, "judgements", "Pairs judged in a minute of packet time; each costs 1 to 10 ms.", { min: 1 }),
      },
      create: ({ report, settings }) =>
        new Beacon(
          {
            contactsMin: settings["contacts-min"],
            scoreMin: settings["score-min"],
            gapMinSeconds: settings["gap-min-s"],
            durationMinSeconds: settings["duration-min-s"],
            irregularMinSeconds: settings["irregular-min-s"],
            judgementsPerMinute: settings["judgements-max"],
            accusationsPerDay: settings["accusations-per-day"],
          },
          report,
        ),
    }),
    defineDetector({
      name: "heartbeat",
      summary: "A client that says on a clock, over one connection in an unknown or nameless language, that it is still there.",
      advice: {
        meaning: "A program holds a line open to a server outside and reports on a clock that it is there, as remote-access malware does.",
        next: "Look on the machine which process holds this connection. If nobody installed it on purpose, treat the machine as taken over.",
      },
      category: "beacon",
      techniques: ["T1095", "T1571"],
      reads: ["tls"],
      settings: {
        "beats-min": integer(20, "beats", "Beats of a connection before it is judged.", { min: 5 }),
        "spread-max": decimal(0.15, "", "Deviation of the times between beats as a share of their mean, up to which they are a clock.", {
          max: 1,
        }),
        "period-min-s": decimal(2, "s", "Mean time between beats below which it is work, not a sign of life.", { min: 1 }),
        "beat-bytes-max": integer(2000, "bytes", "Bytes of both sides per beat up to which nothing is done but telling."),
      },
      create: ({ report, settings }) =>
        new Heartbeat(
          {
            beatsMin: settings["beats-min"],
            spreadMax: settings["spread-max"],
            periodMinSeconds: settings["period-min-s"],
            bytesPerBeatMax: settings["beat-bytes-max"],
          },
          report,
        ),
    }),
    defineDetector({
      name: "long-connection",
      summary: "A connection to the outside that stands for hours.",
      advice: {
        meaning:
          "A connection to the outside that stands for hours: remote support, a VPN or a download, or a way in that somebody keeps open.",
        next: "Ask who uses the machine whether they know the server; allow it in `detect.allow` if they do.",
      },
      category: "observation",
      techniques: ["T1571"],
      settings: { "duration-s": integer(3600, "s", "Duration that is told.", { min: 60 }) },
      create: ({ report, settings }) => new LongConnection(settings["duration-s"], report),
    }),
  ],
});
