import { definePlugin } from "#contract/plugin.ts";
import { EnetParser, probe } from "./parser.ts";

export default definePlugin({
  name: "enet",
  summary: "ENet: joining and leaving, and what the connection carried.",
  needs: ["game-query"],
  protocols: [
    {
      name: "enet",
      transports: ["udp"],
      ports: [17091, 5056],
      probe,
      create: (context) => new EnetParser(context),
    },
  ],
});
