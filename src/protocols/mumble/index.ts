import { definePlugin } from "#contract/plugin.ts";
import { DatagramParser } from "#protocols/game-query/datagram-parser.ts";
import { DocumentParser, probe, probeDocument, readDatagram } from "./parser.ts";

export default definePlugin({
  name: "mumble",
  summary: "Pings of Mumble servers, and the list of users that an add-on gives.",
  needs: ["game-query"],
  protocols: [
    {
      name: "mumble",
      transports: ["udp"],
      ports: [64738],
      probe,
      create: (context) => new DatagramParser(context, readDatagram),
    },
    {
      name: "gtmurmur",
      transports: ["tcp"],
      ports: [27800],
      probe: probeDocument,
      create: (context) => new DocumentParser(context),
    },
  ],
});
