import { expect, test } from "vitest";
import { FactHosts } from "./fact-hosts.ts";
import { Networks } from "./networks.ts";

const hosts = (): FactHosts => new FactHosts(new Networks(["10.0.0.0/8", "fd00::/8"]));

test.each([
  ["an address of version 4", [0x0a000001, 0, 0, 0], false, "10.0.0.1", true],
  ["one outside", [0x08080808, 0, 0, 0], false, "8.8.8.8", false],
  ["one of version 6", [0xfd000000 | 0, 0, 0, 1], true, "fd00:0000:0000:0000:0000:0000:0000:0001", true],
])("%s is told the same each time", (_case, words, ipv6, text, isInside) => {
  const known = hosts();
  for (let round = 0; round < 3; round++) {
    const at = Int32Array.from([9, ...words]);
    expect(known.text(at, 1, ipv6, 7)).toBe(text);
    expect(known.isInside(at, 1, ipv6, 7)).toBe(isInside);
  }
});

test("hosts with the same hash, and versions with the same words, are told apart", () => {
  const known = hosts();
  const words = Int32Array.from([0x0a000001, 0, 0, 0, 0x0a000001, 0, 0, 2]);
  for (let round = 0; round < 3; round++) {
    expect(known.text(words, 0, false, 7)).toBe("10.0.0.1");
    expect(known.text(words, 0, true, 7)).toBe("0a00:0001:0000:0000:0000:0000:0000:0000");
    expect(known.text(words, 4, true, 7)).toBe("0a00:0001:0000:0000:0000:0000:0000:0002");
  }
});
