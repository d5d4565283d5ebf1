import { defineDetector, definePlugin } from "#contract/plugin.ts";
import { integer } from "#schema/config-key.ts";
import { Claims } from "./claims.ts";
import { NextHop } from "./next-hop.ts";
import { RogueDhcp } from "./rogue-dhcp.ts";
import { RogueRouter } from "./rogue-router.ts";

/** Adversary-in-the-middle: ARP cache poisoning. */
const techniques = ["T1557.002"];

export default definePlugin({
  name: "spoofing",
  summary: "Machines that claim what is not theirs: addresses, the way out, the role of router or DHCP server.",
  detectors: [
    defineDetector({
      name: "address-conflict",
      summary: "Two machines that claim one address by turns, by ARP or IPv6 neighbour advertisements.",
      advice: {
        meaning: "Two machines claim one address. Either it was given twice by mistake, or one of them wants to read the other's traffic.",
        next: "Find both by their MAC addresses (the switch knows the port). If one has no right to the address, cut it off.",
      },
      category: "spoofing",
      techniques,
      settings: {
        "changes-min": integer(3, "changes", "Changes of the address between two machines that are told.", { min: 2 }),
        "window-s": integer(600, "s", "Packet time in which they are counted.", { min: 1 }),
      },
      create: ({ report, settings }) => new Claims({ changesMin: settings["changes-min"], windowSeconds: settings["window-s"] }, report),
    }),
    defineDetector({
      name: "next-hop-takeover",
      summary: "A machine whose way out changes to one that has just claimed an address without being asked.",
      advice: {
        meaning: "A machine has put itself between another one and its router. It can read and change all that is not encrypted.",
        next: "Find the machine by its MAC address (the switch knows the port) and cut it off. Change passwords that were sent meanwhile without encryption.",
      },
      category: "spoofing",
      techniques,
      settings: {
        "flows-min": integer(3, "flows", "Flows to the outside over each of the two ways.", { min: 1 }),
        "claim-s": integer(60, "s", "Packet time between claim and change.", { min: 1 }),
      },
      create: ({ report, settings }) => new NextHop({ flowsMin: settings["flows-min"], claimSeconds: settings["claim-s"] }, report),
    }),
    defineDetector({
      name: "rogue-dhcp",
      summary: "Two DHCP servers that send one client over different routers or to different name servers.",
      advice: {
        meaning:
          "A second DHCP server tells machines another router or name server. Often it is a home router plugged in wrongly; it may be an attack.",
        next: "Find the server that is not yours by its address and unplug it; let the switch allow DHCP from one port only.",
      },
      category: "spoofing",
      techniques: ["T1557.003"],
      reads: ["dhcp"],
      create: ({ report }) => new RogueDhcp(report),
    }),
    defineDetector({
      name: "rogue-router",
      summary: "IPv6 routers that are made up in numbers, or new beside those that were alone.",
      advice: {
        meaning:
          "A machine announces itself as the IPv6 router. Often it is a shared connection; it may be an attack that draws all traffic to it.",
        next: "Find it by its MAC address. If it is no router of yours, unplug it, and switch on RA guard at the switch.",
      },
      category: "spoofing",
      techniques: ["T1557"],
      settings: {
        "flood-min": integer(20, "routers", "New routers within ten seconds that are a flood.", { min: 3 }),
        "settled-s": integer(1800, "s", "Packet time for which the known routers were alone before a new one is told."),
      },
      create: ({ report, settings }) => new RogueRouter({ floodMin: settings["flood-min"], settledSeconds: settings["settled-s"] }, report),
    }),
  ],
});
