import { describe, expect, test } from "vitest";
import type { Kind } from "#schema/field.ts";
import { flowKind } from "#schema/kinds.ts";
import { matcher, matches } from "./matcher.ts";
import { parseQuery } from "./parse.ts";

const dnsKind: Kind = {
  name: "dns",
  summary: "",
  fields: {},
  columns: [
    { name: "rrname", path: "dns.queries.rrname", type: "text", doc: "" },
    { name: "first", path: "dns.queries.0.rrname", type: "text", doc: "" },
    { name: "qr", path: "dns.qr", type: "integer", doc: "" },
  ],
};
const flow = {
  timestamp: "2026-01-01T00:00:00.000000+0000",
  event_type: "flow",
  src_ip: "10.1.2.3",
  dest_ip: "2001:db8::1",
  dest_port: 443,
  proto: "TCP",
  flow: { bytes_toclient: 2000, start: "2026-01-01T00:00:00.000000+0000" },
};
const dns = {
  timestamp: flow.timestamp,
  event_type: "dns",
  dns: { qr: true, queries: [{ rrname: "a.example" }, { rrname: "B.example" }] },
};

describe("matcher", () => {
  test.each([
    ["an address in a network", "src_ip in 10.0.0.0/8", true],
    ["an address outside of it", "src_ip in 10.2.0.0/16", false],
    ["IPv6 in any spelling", "dest_ip = 2001:0DB8:0::1", true],
    ["IPv4 networks hold no IPv6", "dest_ip in 0.0.0.0/0", false],
    ["a part of an address", "src_ip ~ .2.", true],
    ["texts without regard to case", "proto = tcp", true],
    ["a member below", "bytes_toclient >= 2k", true],
    ["a time", "start = 2026-01-01", true],
    ["an absent member equals nothing", "app_proto = tls", false],
    ["an absent member differs from everything", "app_proto != tls", true],
    ["and so does its negation", "not app_proto = tls", true],
    ["an absent member is no smaller", "pkts_toserver < 5", false],
    ["an absent member does not exist", "exists app_proto", false],
    ["a word alone", "tcp", true],
    ["everything", "", true],
  ])("%s", (_case, text, expected) => {
    const result = parseQuery(flowKind, text);
    expect(result.ok && matches(flowKind, result.plan, flow)).toBe(expected);
  });

  test.each([
    ["the members of all items of a list", 'rrname = "a.example,b.example"', true],
    ["a part of them", "rrname ~ b.ex", true],
    ["one item by its place", "first = a.example", true],
    ["truth is 1", "qr = true", true],
  ])("lists: %s", (_case, text, expected) => {
    const result = parseQuery(dnsKind, text);
    expect(result.ok && matches(dnsKind, result.plan, dns)).toBe(expected);
  });

  test("events of other kinds never match", () => {
    expect(matcher(flowKind, { where: undefined })(dns)).toBe(false);
  });
});
