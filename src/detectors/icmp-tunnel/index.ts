import { defineDetector, definePlugin } from "#contract/plugin.ts";
import { integer } from "#schema/config-key.ts";
import { IcmpTunnel } from "./icmp-tunnel.ts";

export default definePlugin({
  name: "icmp-tunnel",
  summary: "Data carried inside pings.",
  detectors: [
    defineDetector({
      name: "icmp-tunnel",
      summary: "Echo replies that do not repeat their requests, or echoes of many sizes at irregular times.",
      advice: {
        meaning:
          "These pings carry data of their own. In this way data leaves, or orders come in, past a firewall that lets pings through.",
        next: "Look which program on the machines sends them. Nothing that is usual needs it: stop it, and block echoes to the outside.",
      },
      category: "tunnel",
      techniques: ["T1095", "T1572"],
      settings: {
        "packets-min": integer(20, "packets", "Packets of each side before an echo is judged.", { min: 4 }),
        "talk-packets-min": integer(200, "packets", "Packets of both sides that make irregular echoes of many sizes a tunnel.", {
          min: 20,
        }),
        "talk-s": integer(300, "s", "How long such echoes must have gone on.", { min: 1 }),
      },
      create: ({ report, settings }) =>
        new IcmpTunnel(
          { packetsMin: settings["packets-min"], talkPacketsMin: settings["talk-packets-min"], talkSeconds: settings["talk-s"] },
          report,
        ),
    }),
  ],
});
