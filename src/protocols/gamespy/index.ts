import { definePlugin } from "#contract/plugin.ts";
import { GamespyParser } from "./parser.ts";
import { probe } from "./probe.ts";

export default definePlugin({
  name: "gamespy",
  summary: "Server queries of GameSpy, versions 1 to 3 (also Minecraft's query and Just Cause 2).",
  needs: ["game-query"],
  protocols: [
    {
      name: "gamespy",
      transports: ["udp"],
      ports: [29900, 23000, 6500, 2302, 7778, 25565],
      probe,
      create: (context) => new GamespyParser(context),
    },
  ],
});
