import { definePlugin } from "#contract/plugin.ts";
import { dhcpKind, dhcpv6Kind } from "./facts.ts";
import { DhcpParser, probe } from "./parser.ts";
import { Dhcpv6Parser, probe6 } from "./version6.ts";
import { dhcpWords } from "./words.ts";

export default definePlugin({
  name: "dhcp",
  summary: "Who gets which address: DHCP and DHCPv6.",
  kinds: [dhcpKind, dhcpv6Kind],
  words: dhcpWords,
  protocols: [
    { name: "dhcp", transports: ["udp"], ports: [67, 68], probe, create: (context) => new DhcpParser(context) },
    { name: "dhcpv6", transports: ["udp"], ports: [547, 546], probe: probe6, create: (context) => new Dhcpv6Parser(context) },
  ],
});
