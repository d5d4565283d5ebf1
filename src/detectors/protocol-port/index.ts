import { defineDetector, definePlugin } from "#contract/plugin.ts";
import { list } from "#schema/config-key.ts";
import { ProtocolPort } from "./protocol-port.ts";

export default definePlugin({
  name: "protocol-port",
  summary: "Protocols on ports that belong to others, and doors into machines on ports of their own.",
  detectors: [
    defineDetector({
      name: "protocol-port-mismatch",
      summary: "A protocol on the port of another, or remote access, mail or names on an odd port.",
      advice: {
        meaning:
          "A service does not stand where it usually does. Often that is somebody's setting; sometimes somebody hides it from a firewall.",
        next: "If the server is yours, ask who set it up so. If it is outside, look which program on the client uses it.",
      },
      category: "policy",
      techniques: ["T1571"],
      settings: {
        ignored: list([], "What is known to be so here: protocol/port, as `ssh/8022`, or `unknown/443` for what is not recognised."),
      },
      create: ({ report, settings }) => new ProtocolPort(settings.ignored, report),
    }),
  ],
});
