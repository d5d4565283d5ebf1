import { definePlugin } from "#contract/plugin.ts";
import { FrostbiteParser, probe } from "./parser.ts";

export default definePlugin({
  name: "frostbite",
  summary: "Administration of Battlefield servers (Bad Company 2 to Hardline): info, players, logins, events.",
  needs: ["game-query"],
  protocols: [
    {
      name: "frostbite",
      transports: ["tcp"],
      ports: [47200, 48888],
      probe,
      create: (context) => new FrostbiteParser(context),
    },
  ],
});
