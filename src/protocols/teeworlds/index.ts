import { definePlugin } from "#contract/plugin.ts";
import { DatagramParser } from "#protocols/game-query/datagram-parser.ts";
import { probe, readDatagram } from "./parser.ts";

export default definePlugin({
  name: "teeworlds",
  summary: "Teeworlds and DDNet 0.6 and 0.7: servers' information, joining and leaving.",
  needs: ["game-query"],
  protocols: [
    {
      name: "teeworlds",
      transports: ["udp"],
      ports: [8303, 8300, 8283],
      probe,
      create: (context) => new DatagramParser(context, readDatagram),
    },
  ],
});
