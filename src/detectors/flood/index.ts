import { defineDetector, definePlugin } from "#contract/plugin.ts";
import { integer } from "#schema/config-key.ts";
import { OpeningFlood } from "./opening-flood.ts";
import { Reflection } from "./reflection.ts";
import { SlowConnections } from "./slow-connections.ts";
import { StreamFlood } from "./stream-flood.ts";
import { SynAckReflection } from "./syn-ack-reflection.ts";

export default definePlugin({
  name: "flood",
  summary: "Targets that get more than they can answer.",
  detectors: [
    defineDetector({
      name: "flood",
      summary: "Openings at one target that it does not answer: SYN, UDP, ping, ACK and RST floods of many flows.",
      advice: {
        meaning: "Somebody keeps the target busy with openings that lead to nothing, so that others do not get through.",
        next: "If the target is yours and slow, limit or filter this traffic in front of it (SYN cookies, rate limits, the provider). Blocking forged sources one by one does not help.",
      },
      category: "flood",
      techniques: ["T1498.001", "T1499.001"],
      settings: {
        "syns-min-per-s": integer(150, "1/s", "Connections a second to one target whose handshake is not completed.", { min: 10 }),
        "datagrams-min-per-s": integer(1_000, "1/s", "New UDP flows a second to one target that get no answer.", { min: 10 }),
        "pings-min-per-s": integer(250, "1/s", "Hosts that begin to ping one target in a second.", { min: 10 }),
        "others-min-per-s": integer(500, "1/s", "Flows a second of other protocols of IP that begin at one target.", { min: 10 }),
        "strays-min-per-s": integer(500, "1/s", "Empty ACK, RST or FIN segments a second of connections that were not opened.", {
          min: 10,
        }),
      },
      create: ({ report, settings }) =>
        new OpeningFlood(
          [
            settings["syns-min-per-s"],
            settings["datagrams-min-per-s"],
            settings["pings-min-per-s"],
            settings["strays-min-per-s"],
            settings["others-min-per-s"],
          ],
          report,
        ),
    }),
    defineDetector({
      name: "packet-flood",
      summary: "One flow of packets that carry next to nothing, faster than any program needs.",
      advice: {
        meaning:
          "One machine sends far more small packets than any program needs: an attack on the target, or a program that has gone wild.",
        next: "If the source is inside, stop the program there; if it is outside, block it.",
      },
      category: "flood",
      techniques: ["T1498.001"],
      settings: {
        "pings-min-per-s": integer(500, "1/s", "Pings a second of one host to another.", { min: 10 }),
        "segments-min-per-s": integer(500, "1/s", "SYN, RST or unanswered empty ACK segments a second of one connection.", { min: 10 }),
        "datagrams-min-per-s": integer(20_000, "1/s", "Small unanswered datagrams a second of one flow.", { min: 10 }),
      },
      create: ({ report, settings }) =>
        new StreamFlood(
          {
            pingsPerSecond: settings["pings-min-per-s"],
            segmentsPerSecond: settings["segments-min-per-s"],
            datagramsPerSecond: settings["datagrams-min-per-s"],
          },
          report,
        ),
    }),
    defineDetector({
      name: "reflection",
      summary: "Many hosts answer, from the port of one UDP service, a target that asked none of them.",
      advice: {
        meaning:
          "An attacker makes servers of others send their answers to this target, to overload it. The servers that answer are not the attackers.",
        next: "Let the provider filter UDP from that port. If a server that answers is yours, close its service to the outside.",
      },
      category: "flood",
      techniques: ["T1498.002"],
      settings: {
        "reflectors-min": integer(25, "hosts", "Distinct hosts that answer unasked.", { min: 4 }),
        "window-s": integer(10, "s", "Packet time in which they are counted.", { min: 1 }),
      },
      create: ({ report, settings }) =>
        new Reflection({ reflectorsMin: settings["reflectors-min"], windowSeconds: settings["window-s"] }, report),
    }),
    defineDetector({
      name: "syn-ack-reflection",
      summary: "Several servers send SYN-ACKs to a target that opened no connection.",
      advice: {
        meaning: "Somebody opens connections in the name of this address, and the servers answer to it. The servers are not the attackers.",
        next: "Drop answers that belong to no connection (a stateful firewall does). Nobody on the target did anything.",
      },
      category: "flood",
      techniques: ["T1498.002"],
      settings: {
        "servers-min": integer(5, "servers", "Distinct servers that answer unasked.", { min: 2 }),
        "packets-min": integer(100, "packets", "SYN-ACKs of all of them, repeated ones too.", { min: 2 }),
        "window-s": integer(1_800, "s", "Packet time in which they are counted.", { min: 1 }),
      },
      create: ({ report, settings }) =>
        new SynAckReflection(
          { serversMin: settings["servers-min"], packetsMin: settings["packets-min"], windowSeconds: settings["window-s"] },
          report,
        ),
    }),
    defineDetector({
      name: "slow-connections",
      summary: "A client that holds many connections to a server open without completing a request (Slowloris).",
      advice: {
        meaning: "A client holds the server's connections without ever finishing a request, so that none are left for others.",
        next: "Limit connections per address and the time for a request on the server, and block the source.",
      },
      category: "flood",
      techniques: ["T1499.002"],
      settings: {
        "connections-min": integer(40, "connections", "Starved connections of one client to one port.", { min: 4 }),
        "open-min-s": integer(10, "s", "A connection that was open for less is not counted.", { min: 1 }),
        "window-s": integer(600, "s", "Packet time in which they are counted.", { min: 1 }),
      },
      create: ({ report, settings }) =>
        new SlowConnections(
          {
            connectionsMin: settings["connections-min"],
            openSeconds: settings["open-min-s"],
            windowSeconds: settings["window-s"],
          },
          report,
        ),
    }),
  ],
});
