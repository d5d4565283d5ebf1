import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressKey, addressText, inNetwork, parseNetwork } from "./address.ts";
import { anyAddress } from "./testing.ts";

const bitsOf = (text: string): string => {
  if (!text.includes(":"))
    return text
      .split(".")
      .map((octet) => Number(octet).toString(2).padStart(8, "0"))
      .join("");
  return text
    .split(":")
    .map((group) => Number.parseInt(group, 16).toString(2).padStart(16, "0"))
    .join("");
};

describe("networks", () => {
  test.each([
    ["a class A network", "10.1.2.3/8", "10.0.0.0/8", "10.0.0.0", "10.255.255.255"],
    ["a network inside an octet", "172.20.0.0/12", "172.16.0.0/12", "172.16.0.0", "172.31.255.255"],
    ["everything", "1.2.3.4/0", "0.0.0.0/0", "0.0.0.0", "255.255.255.255"],
    ["a single address", "1.2.3.4", "1.2.3.4", "1.2.3.4", "1.2.3.4"],
    ["the same with its length", "1.2.3.4/32", "1.2.3.4", "1.2.3.4", "1.2.3.4"],
    [
      "IPv6",
      "2001:db8:1::/33",
      "2001:0db8:0000:0000:0000:0000:0000:0000/33",
      "2001:0db8:0000:0000:0000:0000:0000:0000",
      "2001:0db8:7fff:ffff:ffff:ffff:ffff:ffff",
    ],
  ])("%s", (_case, text, normal, low, high) => {
    const network = parseNetwork(text);
    expect(network?.text).toBe(normal);
    expect([network?.low, network?.high].map((key) => addressText(key ?? ""))).toEqual([low, high]);
  });

  test.each(["", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "::/129", "10.0.0/8", "/8", "x"])("%j is none", (text) => {
    expect(parseNetwork(text)).toBeUndefined();
  });

  test("an address lies in a network exactly when their first bits agree", () => {
    fc.assert(
      fc.property(anyAddress, anyAddress, fc.nat(128), (address, base, length) => {
        const size = base.includes(":") ? 128 : 32;
        const bits = Math.min(length, size);
        const network = parseNetwork(`${base}/${bits}`);
        const same = address.includes(":") === base.includes(":") && bitsOf(address).slice(0, bits) === bitsOf(base).slice(0, bits);
        expect(network !== undefined && inNetwork(addressKey(address) ?? "", network)).toBe(same);
      }),
      { seed: 3, numRuns: 2000 },
    );
  });
});
