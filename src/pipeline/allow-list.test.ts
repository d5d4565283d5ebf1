import { describe, expect, test } from "vitest";
import { AllowList, allowTrouble } from "./allow-list.ts";

describe("who is on the list", () => {
  test.each<[string, readonly string[], string, string | undefined, string | undefined, boolean]>([
    ["an address as the source", ["10.0.0.5"], "port-scan", "10.0.0.5", "10.0.0.9", true],
    ["an address as the target", ["10.0.0.5"], "port-scan", "10.0.0.9", "10.0.0.5", true],
    ["another address is not", ["10.0.0.5"], "port-scan", "10.0.0.50", "10.0.0.9", false],
    ["an address within a network", ["10.0.0.0/24"], "port-scan", "10.0.0.77", undefined, true],
    ["an address beside the network is not", ["10.0.0.0/24"], "port-scan", "10.0.1.77", undefined, false],
    ["IPv6, however it is written", ["2001:DB8::/32"], "port-scan", "2001:db8:0:0::1", undefined, true],
    ["a name", ["updates.example.com"], "dns-tunnel", "10.0.0.5", "Updates.Example.com", true],
    ["a name below it", ["example.com"], "dns-tunnel", "10.0.0.5", "a.b.example.com", true],
    ["a name that only ends alike is not", ["example.com"], "dns-tunnel", "10.0.0.5", "badexample.com", false],
    ["of one detector", ["port-scan=10.0.0.5"], "port-scan", "10.0.0.5", undefined, true],
    ["of one detector, not of another", ["port-scan=10.0.0.5"], "dns-tunnel", "10.0.0.5", undefined, false],
    ["one detector's entries and everybody's", ["port-scan=10.0.0.5", "10.0.0.6"], "port-scan", "10.0.0.6", undefined, true],
    ["nobody is on an empty one", [], "port-scan", "10.0.0.5", "10.0.0.6", false],
    ["who is not told is not on it", ["10.0.0.5"], "port-scan", undefined, undefined, false],
  ])("%s", (_case, entries, detector, source, target, expected) => {
    expect(new AllowList(entries).covers(detector, source, target)).toBe(expected);
  });
});

test.each<[string, string | undefined]>([
  ["10.0.0.5", undefined],
  ["10.0.0.0/24", undefined],
  ["2001:db8::/32", undefined],
  ["port-scan = 10.0.0.5", undefined],
  ["updates.example.com", undefined],
  ["00:16:3e:00:00:01", undefined],
  ["10.0.0.300", "write 10.0.0.5"],
  ["10.0.0.0/33", "write 10.0.0.5"],
  ["*.example.com", "write example.com"],
  ["exa mple", "write 10.0.0.5"],
  ["port-scam=10.0.0.5", 'no detector is called "port-scam"'],
  ["port-scan=", "names nobody"],
  ["", "names nobody"],
  ["=10.0.0.5", 'no detector is called ""'],
])("the entry %j is told as it is: %s", (entry, trouble) => {
  const said = allowTrouble(entry, (name) => name === "port-scan");
  if (trouble === undefined) expect(said).toBeUndefined();
  else expect(said).toContain(trouble);
});
