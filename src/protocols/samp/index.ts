import { definePlugin } from "#contract/plugin.ts";
import { DatagramParser } from "#protocols/game-query/datagram-parser.ts";
import { probe, readDatagram } from "./parser.ts";

export default definePlugin({
  name: "samp",
  summary: "Queries of San Andreas Multiplayer and open.mp servers.",
  needs: ["game-query"],
  protocols: [
    {
      name: "samp",
      transports: ["udp"],
      ports: [7777],
      probe,
      create: (context) => new DatagramParser(context, readDatagram),
    },
  ],
});
