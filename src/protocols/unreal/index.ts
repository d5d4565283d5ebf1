import { definePlugin } from "#contract/plugin.ts";
import { DatagramParser } from "#protocols/game-query/datagram-parser.ts";
import { probe, readDatagram } from "./parser.ts";

export default definePlugin({
  name: "unreal",
  summary: "Queries of Unreal Engine 2 servers: Unreal Tournament 2003 and 2004, Killing Floor, Red Orchestra.",
  needs: ["game-query"],
  protocols: [
    {
      name: "unreal",
      transports: ["udp"],
      ports: [7708, 7778, 7787],
      probe,
      create: (context) => new DatagramParser(context, readDatagram),
    },
  ],
});
