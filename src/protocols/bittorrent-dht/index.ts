import { definePlugin } from "#contract/plugin.ts";
import { bittorrentDhtKind } from "./facts.ts";
import { DhtParser, probe } from "./parser.ts";

export default definePlugin({
  name: "bittorrent-dht",
  summary: "BitTorrent's distributed table of who has what (BEP 5).",
  kinds: [bittorrentDhtKind],
  protocols: [
    {
      name: "bittorrent-dht",
      transports: ["udp"],
      ports: [6881],
      probe: (_side, view) => probe(view),
      create: (context) => new DhtParser(context),
    },
  ],
});
