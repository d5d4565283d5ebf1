import { defineDetector, definePlugin } from "#contract/plugin.ts";
import { decimal, integer } from "#schema/config-key.ts";
import type { Advice } from "#schema/finding.ts";
import { CommandAndControl } from "./command-and-control.ts";
import { CustomProtocol } from "./custom-protocol.ts";
import { Mining } from "./mining.ts";
import { UnusualUserAgent } from "./user-agent.ts";

/** For whoever reads that a machine calls somebody who controls it. */
const calledHome: Advice = {
  meaning:
    "The connection looks like that of malware to those who control it. If that is so, they can do on this machine whatever its user can.",
  next: "Take the machine off the network, keep it switched on for examination, and change the passwords that were used on it.",
};

export default definePlugin({
  name: "command-and-control",
  summary: "Programs that take orders from outside, mine for others, or say that they are what they are not.",
  detectors: [
    defineDetector({
      name: "command-and-control",
      summary: "Default certificates of remote-access tools, and connections and requests in their manner.",
      advice: calledHome,
      category: "c2",
      techniques: ["T1071.001", "T1573.002"],
      reads: ["tls", "http"],
      settings: {
        "evidence-min": decimal(5, "", "Weight of signs in a handshake or request that is told; default certificates are told at once.", {
          min: 1,
        }),
        "kept-s": integer(60, "s", "A connection that stands for so long counts as kept open.", { min: 1 }),
      },
      create: ({ report, settings }) =>
        new CommandAndControl({ evidenceMin: settings["evidence-min"], keptSeconds: settings["kept-s"] }, report),
    }),
    defineDetector({
      name: "custom-protocol",
      summary: "Remote-access tools, shells and machine code in connections of no known protocol.",
      advice: calledHome,
      category: "c2",
      techniques: ["T1095", "T1571", "T1059"],
      reads: ["opening"],
      settings: {
        "evidence-min": decimal(
          5,
          "",
          "Weight of the signs by which a machine introduces itself to an address outside; known words are told at once.",
          {
            min: 1,
          },
        ),
      },
      create: ({ report, settings }) => new CustomProtocol(settings["evidence-min"], report),
    }),
    defineDetector({
      name: "cryptomining",
      summary: "Programs that mine cryptocurrency for a pool.",
      advice: {
        meaning: "The machine computes cryptocurrency for somebody: a program that a user runs, or one that an intruder has left.",
        next: "Look which process uses the processor. If nobody started it on purpose, find out how it came in: the hole is still open.",
      },
      category: "policy",
      techniques: ["T1496"],
      reads: ["json_rpc"],
      create: ({ report }) => new Mining(report),
    }),
    defineDetector({
      name: "unusual-user-agent",
      summary: "Web requests whose User-Agent is that of a tool, a shell or a bad imitation.",
      advice: {
        meaning: "A web request by a program that is no usual browser: a script, a scanner, or malware that poses as a browser.",
        next: "Look which program on the source it is. If the requests come from outside, see in the web server's log what they tried.",
      },
      category: "policy",
      techniques: ["T1071.001"],
      reads: ["http"],
      create: ({ report }) => new UnusualUserAgent(report),
    }),
  ],
});
