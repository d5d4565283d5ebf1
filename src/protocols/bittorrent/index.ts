import { definePlugin } from "#contract/plugin.ts";
import { probeDatagram, TrackerParser } from "./datagrams.ts";
import { bittorrentKind } from "./facts.ts";
import { HandshakeParser, probeStream } from "./handshake.ts";

export default definePlugin({
  name: "bittorrent",
  summary: "BitTorrent between peers and with trackers: torrents and clients.",
  kinds: [bittorrentKind],
  protocols: [
    {
      name: "bittorrent",
      depth: "header",
      transports: ["tcp"],
      ports: [6881],
      probe: probeStream,
      create: (context) => new HandshakeParser(context),
    },
    {
      name: "bittorrent",
      depth: "header",
      transports: ["udp"],
      ports: [6969],
      probe: probeDatagram,
      create: (context) => new TrackerParser(context),
    },
  ],
});
