import { definePlugin } from "#contract/plugin.ts";
import { MinecraftParser } from "./parser.ts";
import { probe } from "./probe.ts";

export default definePlugin({
  name: "minecraft",
  summary: "Minecraft Java Edition: status of a server, logins up to where they are encrypted, old pings.",
  needs: ["game-query"],
  protocols: [
    {
      name: "minecraft",
      transports: ["tcp"],
      ports: [25565],
      encrypts: true,
      probe,
      create: (context) => new MinecraftParser(context),
    },
  ],
});
