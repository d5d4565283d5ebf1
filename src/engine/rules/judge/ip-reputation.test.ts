import { expect, test } from "vitest";
import { parseAddress } from "#base/address.ts";
import { IpReputation } from "./ip-reputation.ts";

const lists = new IpReputation();
lists.loadCategories("# number, name, text\n1,BadHosts,Known bad hosts\n2,Mail,Mail\n");
lists.load("10.0.0.0/8,1,10\n10.1.0.0/16,1,20\n10.1.2.3,1,99\n10.1.2.3,2,5\n2001:db8::/33,1,30\n2001:db8::1,2,40\n0.0.0.0/0,2,1\n");

test.each<[string, string, string, number | undefined]>([
  ["the address itself", "BadHosts", "10.1.2.3", 99],
  ["another category", "Mail", "10.1.2.3", 5],
  ["the longer prefix", "BadHosts", "10.1.9.9", 20],
  ["the shorter prefix", "BadHosts", "10.9.9.9", 10],
  ["all addresses", "Mail", "192.0.2.1", 1],
  ["nothing", "BadHosts", "192.0.2.1", undefined],
  ["an IPv6 network", "BadHosts", "2001:db8:7fff::9", 30],
  ["beyond it", "BadHosts", "2001:db8:8000::9", undefined],
  ["an IPv6 address", "Mail", "2001:db8::1", 40],
  ["an unknown category", "Nothing", "10.1.2.3", undefined],
])("%s", (_case, category, text, expected) => {
  const address = parseAddress(text);
  expect(lists.score(category, Int32Array.from(address?.words ?? []), 0, address?.version === 6)).toBe(expected);
});

test("lines that are none are named", () => {
  expect(lists.load("10.0.0.1,1,128\nx,1,1\n10.0.0.0/33,1,1\n10.0.0.7,1,127")).toEqual([1, 2, 3]);
  expect(lists.loadCategories("x,y,z\n3,Bots,")).toEqual([1]);
});
