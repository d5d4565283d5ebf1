import { definePlugin } from "#contract/plugin.ts";
import { RaknetParser } from "./parser.ts";
import { probe } from "./probe.ts";

export default definePlugin({
  name: "raknet",
  summary: "RakNet: pings (Minecraft Bedrock), opening, joining and leaving, the reliability layer; also Roblox.",
  needs: ["game-query"],
  protocols: [
    {
      name: "raknet",
      transports: ["udp"],
      ports: [19132, 19133],
      probe,
      create: (context) => new RaknetParser(context),
    },
  ],
});
