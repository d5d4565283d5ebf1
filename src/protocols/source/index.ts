import { definePlugin } from "#contract/plugin.ts";
import { SourceParser } from "./parser.ts";
import { probe } from "./probe.ts";
import { probeRcon, RconParser } from "./rcon.ts";

export default definePlugin({
  name: "source",
  summary: "Source and GoldSrc servers (A2S queries, connects), Valve's master server, Source RCON.",
  needs: ["game-query"],
  protocols: [
    {
      name: "source",
      transports: ["udp"],
      ports: [27015, 27016, 27005, 27010, 27011, 5478],
      probe,
      create: (context) => new SourceParser(context),
    },
    {
      name: "rcon",
      transports: ["tcp"],
      ports: [27015, 25575],
      probe: probeRcon,
      create: (context) => new RconParser(context),
    },
  ],
});
