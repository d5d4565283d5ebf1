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
      category: "spoofing",
      techniques: ["T1557.003"],
      reads: ["dhcp"],
      create: ({ report }) => new RogueDhcp(report),
    }),
    defineDetector({
      name: "rogue-router",
      summary: "IPv6 routers that are made up in numbers, or new beside those that were alone.",
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
