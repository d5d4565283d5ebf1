import { describe, expect, test } from "vitest";
import type { Finding } from "#contract/detector.ts";
import { findingsOf, flowFact, type Heard, many, messageFact, neighbourFact } from "#test/fake/fake-facts.ts";
import spoofing from "./index.ts";

const find = (name: string, history: readonly Heard[]): Finding[] => {
  const definition = spoofing.detectors?.find((detector) => detector.name === name);
  return definition === undefined ? [] : findingsOf(definition, history);
};

const GATEWAY = "00:16:3e:00:00:01";
const THIEF = "00:16:3e:00:00:66";
const PC = "00:16:3e:00:00:aa";
const reply = (at: number, senderMac: string, sender = "10.0.0.1"): Heard => ({
  neighbour: neighbourFact({ at, message: "arp-reply", sender, senderMac, target: "10.0.0.9" }),
});
const asks = (at: number, target: string): Heard => ({
  neighbour: neighbourFact({ at, message: "arp-request", sender: "10.0.0.9", senderMac: PC, target }),
});

const out = (at: number, serverMac: string): Heard => ({
  start: flowFact({ at, client: "10.0.0.9", server: `203.0.113.${1 + Math.floor(at)}`, clientMac: PC, serverMac }),
});
const offer = (at: number, server: string, routers: readonly string[], id = 1): Heard => ({
  message: messageFact(
    "dhcp",
    {
      type: "reply",
      dhcp_type: "offer",
      id,
      client_mac: PC,
      server_id: server,
      routers,
      dns_servers: ["10.0.0.53"],
      subnet_mask: "255.255.255.0",
    },
    { at, side: 1 },
  ),
});
const advertises = (at: number, sender: string): Heard => ({
  neighbour: neighbourFact({ at, message: "router-advertisement", sender, target: "" }),
});

describe("address-conflict", () => {
  test.each<[string, Heard[], number]>([
    ["two machines claim the gateway by turns", many(4, (i) => reply(i, i % 2 === 0 ? GATEWAY : THIEF)), 1],
    ["one machine repeats itself", many(50, (i) => reply(i, GATEWAY)), 0],
    ["a machine gets a new card", [...many(5, (i) => reply(i, GATEWAY)), ...many(5, (i) => reply(9 + i, PC))], 0],
    ["routers share an address by VRRP", many(9, (i) => reply(i, i % 2 === 0 ? GATEWAY : "00:00:5e:00:01:07")), 0],
    ["a lease goes round once an hour", many(9, (i) => reply(i * 3600, i % 2 === 0 ? PC : THIEF)), 0],
    [
      "probes have no address",
      many(9, (i) => ({ neighbour: neighbourFact({ at: i, sender: "0.0.0.0", senderMac: i % 2 === 0 ? PC : THIEF }) })),
      0,
    ],
    [
      "IPv6 neighbours, too",
      many(4, (i) => ({
        neighbour: neighbourFact({ at: i, message: "neighbour-advertisement", sender: "fe80::1", senderMac: i % 2 === 0 ? PC : THIEF }),
      })),
      1,
    ],
  ])("%s", (_case, history, expected) => {
    expect(find("address-conflict", history)).toHaveLength(expected);
  });
});

describe("next-hop-takeover", () => {
  const before = many(5, (i) => out(i, GATEWAY));
  test.each<[string, Heard[], number]>([
    ["the way out changes after a claim", [...before, reply(6, THIEF), ...many(4, (i) => out(7 + i, THIEF))], 1],
    ["the claim was asked for", [...before, asks(5.9, "10.0.0.1"), reply(6, THIEF), ...many(4, (i) => out(7 + i, THIEF))], 0],
    ["the way out changes without a claim", [...before, ...many(4, (i) => out(7 + i, THIEF))], 0],
    ["both ways are used side by side", [reply(0, THIEF), ...many(20, (i) => out(1 + i, i % 2 === 0 ? GATEWAY : THIEF))], 0],
    ["the claim is long ago", [...before, reply(6, THIEF), ...many(4, (i) => out(700 + i, THIEF))], 0],
  ])("%s", (_case, history, expected) => {
    expect(find("next-hop-takeover", history)).toHaveLength(expected);
  });

  test("says who, whom and since when", () => {
    const [finding] = find("next-hop-takeover", [...before, reply(6, THIEF), ...many(4, (i) => out(7 + i, THIEF))]);
    expect(finding).toMatchObject({ source: "10.0.0.1", target: "10.0.0.9", severity: "high" });
    expect(finding?.title).toBe(
      "The traffic of 10.0.0.9 goes through 00:16:3e:00:00:66 since that machine claimed 10.0.0.1 without being asked",
    );
  });
});

describe("rogue-dhcp", () => {
  test.each<[string, Heard[], number]>([
    ["another server sends the client elsewhere", [offer(0, "10.0.0.1", ["10.0.0.1"]), offer(0.1, "10.0.0.66", ["10.0.0.66"])], 1],
    ["two servers share the work", [offer(0, "10.0.0.1", ["10.0.0.1"]), offer(0.1, "10.0.0.2", ["10.0.0.1"])], 0],
    ["a server changes its mind", [offer(0, "10.0.0.1", ["10.0.0.1"]), offer(0.1, "10.0.0.1", ["10.0.0.2"])], 0],
    ["clients of two networks", [offer(0, "10.0.0.1", ["10.0.0.1"], 1), offer(0.1, "10.0.1.1", ["10.0.1.1"], 2)], 0],
  ])("%s", (_case, history, expected) => {
    expect(find("rogue-dhcp", history)).toHaveLength(expected);
  });
});

describe("rogue-router", () => {
  test.each<[string, Heard[], string[]]>([
    ["a flood of made-up routers", many(60, (i) => advertises(i / 20, `fe80::${i + 1}`)), ["spoofing"]],
    ["two routers from the beginning", many(60, (i) => advertises(i, `fe80::${(i % 2) + 1}`)), []],
    ["a newcomer after an hour", [...many(7, (i) => advertises(i * 600, "fe80::1")), advertises(3700, "fe80::2")], ["observation"]],
  ])("%s", (_case, history, expected) => {
    expect(find("rogue-router", history).map(({ category }) => category ?? "spoofing")).toEqual(expected);
  });
});
