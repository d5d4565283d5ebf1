import { Probe } from "#contract/parser.ts";
import { definePlugin } from "#contract/plugin.ts";
import { SocksDatagrams } from "./datagrams.ts";
import { socksKind } from "./facts.ts";
import { SocksParser } from "./parser.ts";
import { probe } from "./probe.ts";

export default definePlugin({
  name: "socks",
  summary: "SOCKS proxies: who asks for which connection.",
  kinds: [socksKind],
  protocols: [
    {
      name: "socks",
      transports: ["tcp"],
      ports: [1080, 1081, 9050, 9150, 10_808],
      probe,
      create: (context) => new SocksParser(context),
    },
    {
      // The connection that asked for the relay announces it: nothing in a datagram is certain.
      name: "socks_udp",
      transports: ["udp"],
      ports: [],
      probe: () => Probe.no,
      create: (context) => new SocksDatagrams(context),
    },
  ],
});
