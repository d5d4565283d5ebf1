import { definePlugin } from "#contract/plugin.ts";
import { GamespyParser } from "./parser.ts";
import { PresenceParser, probePresence } from "./presence.ts";
import { probe } from "./probe.ts";

export default definePlugin({
  name: "gamespy",
  summary: "GameSpy: server queries, versions 1 to 3 (also Minecraft's query and Just Cause 2), logins, lists of servers.",
  needs: ["game-query"],
  protocols: [
    {
      name: "gamespy",
      transports: ["udp"],
      ports: [27900, 23000, 6500, 2302, 7778, 25565],
      probe,
      create: (context) => new GamespyParser(context),
    },
    {
      name: "gamespy-presence",
      transports: ["tcp"],
      ports: [29900, 29901, 28910],
      probe: probePresence,
      create: (context) => new PresenceParser(context),
    },
  ],
});
