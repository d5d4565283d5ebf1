import { expect, test } from "vitest";
import { dataLinkType, largestFrame, linkFacts, startsAtNetwork } from "./link-types.ts";

test.each([
  ["Ethernet", 1, 1, 1, false, 1522],
  ["loopback", 772, 1, 1, false, 1522],
  ["WireGuard, tun", 65_534, 101, 12, true, 1508],
  ["PPP", 512, 101, 12, true, 1508],
  ["an interface of a kind that nobody has heard of", 12_345, 101, 12, true, 1508],
  ["802.11 with radiotap", 803, 127, 127, false, 0x7fff_ffff],
])("%s", (_case, hardware, linkType, dataLink, fromNetwork, largest) => {
  const link = linkFacts(hardware);
  expect(link.linkType).toBe(linkType);
  expect(dataLinkType(link.linkType)).toBe(dataLink);
  expect(startsAtNetwork(link)).toBe(fromNetwork);
  expect(largestFrame(link, 1500)).toBe(largest);
});
