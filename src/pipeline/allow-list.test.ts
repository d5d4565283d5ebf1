import { describe, expect, test } from "vitest";
import { many } from "#test/fake/fake-facts.ts";
import { allowParts, allowText, allowTrouble } from "./allow-entry.ts";
import { AllowList } from "./allow-list.ts";

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
    ["a pair", ["10.0.0.5>10.0.0.9"], "port-scan", "10.0.0.5", "10.0.0.9", true],
    ["a pair the other way round is not", ["10.0.0.5>10.0.0.9"], "port-scan", "10.0.0.9", "10.0.0.5", false],
    ["one of a pair with somebody else is not", ["10.0.0.5>10.0.0.9"], "port-scan", "10.0.0.5", "10.0.0.8", false],
    ["one of a pair alone is not", ["10.0.0.5>10.0.0.9"], "port-scan", "10.0.0.5", undefined, false],
    ["a pair of a network and a name", ["10.0.0.0/24>example.com"], "dns-tunnel", "10.0.0.5", "a.example.com", true],
    ["a pair of one detector", ["scan=2001:db8::1>2001:db8::2"], "scan", "2001:db8::1", "2001:db8::2", true],
    ["a pair of one detector, not of another", ["scan=10.0.0.5>10.0.0.9"], "dga", "10.0.0.5", "10.0.0.9", false],
    ["nobody is on an empty one", [], "port-scan", "10.0.0.5", "10.0.0.6", false],
    ["who is not told is not on it", ["10.0.0.5"], "port-scan", undefined, undefined, false],
  ])("%s", (_case, entries, detector, source, target, expected) => {
    expect(new AllowList(entries).covers(detector, { source, target }, 1)).toBe(expected);
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
  ["10.0.0.5>10.0.0.9", undefined],
  ["port-scan=10.0.0.0/8 > example.com", undefined],
  ["10.0.0.5>", "names nobody"],
  ["10.0.0.5>10.0.0.300", "write 10.0.0.5"],
  ["10.0.0.5>10.0.0.6>10.0.0.7", "write 10.0.0.5"],
  [`${"a".repeat(500)}.example.com`, "is longer than"],
])("the entry %j is told as it is: %s", (entry, trouble) => {
  const said = allowTrouble(entry, (name) => name === "port-scan");
  if (trouble === undefined) expect(said).toBeUndefined();
  else expect(`${said?.cause}; ${said?.mend}`).toContain(trouble);
});

test("entries are written in one way", () => {
  expect(allowText(allowParts(" scan = 10.0.0.5 > 10.0.0.9 "))).toBe("scan=10.0.0.5>10.0.0.9");
});

const accused = (i: number) => ({ source: "10.0.0.5", target: `10.0.1.${i}` });

describe("what is kept back is counted", () => {
  test("for the first entry that holds, with whom it has protected from what", () => {
    const list = new AllowList(["scan=10.0.0.5", "10.0.0.0/24"]);
    for (const time of [10, 20]) expect(list.keepsBack("scan", accused(1), time)).toBe(true);
    expect(list.keepsBack("dga", accused(2), 30)).toBe(true);
    expect(list.keepsBack("dga", { source: "10.9.0.1" }, 40)).toBe(false);
    list.covers("scan", accused(1), 50);
    expect(list.hitsOf("scan=10.0.0.5")).toEqual({
      hits: 2,
      last: 20,
      pairs: [{ detector: "scan", source: "10.0.0.5", target: "10.0.1.1", hits: 2, last: 20 }],
    });
    expect(list.hitsOf("10.0.0.0/24")).toMatchObject({ hits: 1, last: 30 });
    expect(list.hitsOf("10.0.0.1")).toBeUndefined();
  });

  test("of many pairs those that were met most often stay", () => {
    const list = new AllowList(["10.0.0.5"]);
    for (const i of [...many(200, (n) => n), ...many(200, () => 7)]) list.keepsBack("scan", accused(i), i);
    const { hits, pairs } = list.hitsOf("10.0.0.5") ?? { hits: 0, pairs: [] };
    expect([hits, pairs.length]).toEqual([400, 20]);
    expect(Math.max(...pairs.map((one) => one.hits))).toBeGreaterThanOrEqual(200);
  });

  test("over changes of the list, and from an earlier run", () => {
    const list = new AllowList(["10.0.0.5"]);
    list.keepsBack("scan", accused(1), 10);
    list.replace([{ entry: "10.0.0.6" }, { entry: "10.0.0.5" }]);
    expect(list.hitsOf("10.0.0.5")?.hits).toBe(1);
    const next = new AllowList(["10.0.0.5"]);
    next.restoreHits("10.0.0.5", list.hitsOf("10.0.0.5") ?? { hits: 0, last: 0, pairs: [] });
    next.keepsBack("scan", accused(1), 30);
    expect(next.hitsOf("10.0.0.5")).toMatchObject({ hits: 2, last: 30, pairs: [{ hits: 2 }] });
  });
});

test("an entry protects until its end, in packet time", () => {
  const list = new AllowList([]);
  list.replace([{ entry: "10.0.0.5", expires: 100 }]);
  expect([99, 100, 101].map((time) => list.covers("scan", { source: "10.0.0.5" }, time))).toEqual([true, false, false]);
});
