import { defineDetector, definePlugin } from "#contract/plugin.ts";
import { decimal, integer } from "#schema/config-key.ts";
import { ArpScan } from "./arp-scan.ts";
import { DistributedScan } from "./distributed-scan.ts";
import { DoorScan } from "./door-scan.ts";
import { OsProbe } from "./os-probe.ts";
import { SlowScan } from "./slow-scan.ts";

export default definePlugin({
  name: "scan",
  summary: "Machines that look for hosts, open ports and operating systems.",
  detectors: [
    defineDetector({
      name: "scan",
      summary: "A source that knocks at many hosts or ports of which few answer.",
      advice: {
        meaning: "Somebody looks which machines and services there are, as is done before an attack. Nothing was broken into by this.",
        next: "If the source is yours and no scanner or monitoring of yours, examine it. If it is outside, that is everyday; see that only what must be is open.",
      },
      category: "scan",
      techniques: ["T1046"],
      settings: {
        "targets-min": integer(25, "targets", "Distinct hosts or ports without an answer that make a scan by TCP or ICMP.", { min: 4 }),
        "udp-targets-min": integer(30, "targets", "The same by UDP, where silence is common.", { min: 4 }),
        "unanswered-min": decimal(0.6, "", "Share of the hosts or ports that must give no answer.", { max: 1 }),
        "window-s": integer(300, "s", "Packet time in which they are counted.", { min: 1 }),
      },
      create: ({ report, settings }) =>
        new DoorScan(
          {
            doorsMin: settings["targets-min"],
            udpDoorsMin: settings["udp-targets-min"],
            shutMin: settings["unanswered-min"],
            windowSeconds: settings["window-s"],
          },
          report,
        ),
    }),
    defineDetector({
      name: "slow-scan",
      summary: "A source that knocks at many hosts or ports over hours.",
      advice: {
        meaning:
          "Somebody looks which machines and services there are, slowly, so that it is not noticed. Nothing was broken into by this.",
        next: "If the source is yours and no monitoring, examine it: patience is a sign of a person. If it is outside, see that only what must be is open.",
      },
      category: "scan",
      techniques: ["T1046"],
      settings: {
        "targets-min": integer(60, "targets", "Distinct hosts or ports without an answer that make a slow scan.", { min: 10 }),
        "unanswered-min": decimal(0.8, "", "Share of the hosts or ports that must give no answer.", { max: 1 }),
        "window-s": integer(86_400, "s", "Packet time in which they are counted.", { min: 60 }),
      },
      create: ({ report, settings, seed }) =>
        new SlowScan(
          {
            doorsMin: settings["targets-min"],
            shutMin: settings["unanswered-min"],
            windowSeconds: settings["window-s"],
            paceDoors: 25,
            paceSeconds: 300,
          },
          report,
          seed,
        ),
    }),
    defineDetector({
      name: "distributed-scan",
      summary: "Many sources that share the ports of one host among them.",
      advice: {
        meaning:
          "Many machines together look which services one machine has, so that none of them stands out. Nothing was broken into by this.",
        next: "See that only what must be is open on the target, and that it is up to date.",
      },
      category: "scan",
      techniques: ["T1046", "T1595"],
      settings: {
        "ports-min": integer(50, "ports", "Distinct ports of one host without an answer.", { min: 4 }),
        "sources-min": integer(10, "sources", "Distinct sources that tried them.", { min: 2 }),
        "unanswered-min": decimal(0.8, "", "Share of the knocks that must give no answer.", { max: 1 }),
        "window-s": integer(300, "s", "Packet time in which they are counted.", { min: 1 }),
      },
      create: ({ report, settings }) =>
        new DistributedScan(
          {
            portsMin: settings["ports-min"],
            sourcesMin: settings["sources-min"],
            shutMin: settings["unanswered-min"],
            windowSeconds: settings["window-s"],
          },
          report,
        ),
    }),
    defineDetector({
      name: "arp-scan",
      summary: "A host that asks for the MAC address of one neighbour after the other.",
      advice: {
        meaning: "A machine looks who else is in its own network, as an intruder does first, and as inventory tools do.",
        next: "Find the machine by its MAC address and ask whose program it is.",
      },
      category: "scan",
      techniques: ["T1018"],
      settings: {
        "addresses-min": integer(40, "addresses", "Distinct addresses of one network of 256 that a host asks for.", { min: 8, max: 256 }),
        "density-min": decimal(0.7, "", "Share of the addresses between the lowest and the highest that it asks for.", { max: 1 }),
        "window-s": integer(30, "s", "Packet time in which they are counted.", { min: 1 }),
      },
      create: ({ report, settings }) =>
        new ArpScan(
          { addressesMin: settings["addresses-min"], densityMin: settings["density-min"], windowSeconds: settings["window-s"] },
          report,
        ),
    }),
    defineDetector({
      name: "os-probe",
      summary: "Packets that no program sends, to find out a host's operating system.",
      advice: {
        meaning:
          "Somebody sends packets that no usual program sends, to learn which system the target runs. It is done before an attack that fits.",
        next: "Find out who uses the source. If it is no test of yours, see what else it did.",
      },
      category: "scan",
      techniques: ["T1082", "T1046"],
      settings: {
        "kinds-min": integer(3, "kinds", "Kinds of odd packets to one host, two of them impossible in a connection.", { min: 2, max: 8 }),
        "window-s": integer(60, "s", "Packet time in which they are counted.", { min: 1 }),
      },
      create: ({ report, settings }) => new OsProbe({ kindsMin: settings["kinds-min"], windowSeconds: settings["window-s"] }, report),
    }),
  ],
});
