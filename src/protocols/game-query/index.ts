import { definePlugin } from "#contract/plugin.ts";
import { gameKind } from "./facts.ts";

export default definePlugin({
  name: "game-query",
  summary: "The event that the protocols of games and voice servers share.",
  kinds: [gameKind],
});
