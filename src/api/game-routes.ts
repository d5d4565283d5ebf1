import type { FastifyInstance } from "fastify";
import { OddwireError } from "#contract/errors.ts";
import type { GameControl } from "#contract/game-control.ts";
import { ref } from "./answer-schemas.ts";
import { addChange } from "./change-route.ts";
import type { ApiContext } from "./context.ts";
import { addRoute } from "./route.ts";

/** Throws ODW_GAMES_ABSENT where no games are read. */
function gamesOf(context: ApiContext): GameControl {
  if (context.games === undefined) throw new OddwireError("ODW_GAMES_ABSENT");
  return context.games;
}

/** Plugins of games, their reload, and what they do not know. */
export function addGameRoutes(app: FastifyInstance, context: ApiContext): void {
  addRoute(app, {
    path: "/api/v1/plugins",
    summary: "Plugins of games: which are used, how they are, and why others are not used.",
    tag: "games",
    operationId: "plugins",
    answer: ref("Plugins"),
    handle: () => ({ plugins: context.games?.plugins() ?? [] }),
  });
  addChange(app, {
    method: "POST",
    path: "/api/v1/plugins/reload",
    summary: "Loads plugins anew without losing a packet or a session; a new version that fails its self-test is not used.",
    tag: "games",
    operationId: "plugins_reload",
    body: {
      name: { type: "text", doc: "Game, name or file of one plugin, loaded whether it has changed or not; all that changed when absent." },
    },
    answer: ref("PluginReload"),
    handle: async (body) => ({ plugins: await gamesOf(context).reloadPlugins(body.text("name")) }),
  });
  addRoute(app, {
    path: "/api/v1/catalog/unknown",
    summary: "Opcodes that nobody names or describes: lengths, entropy, and what their fields may be.",
    tag: "games",
    operationId: "catalog_unknown",
    answer: ref("UnknownOpcodes"),
    handle: () => context.games?.unknownOpcodes() ?? { opcodes: [], refused: 0 },
  });
}
