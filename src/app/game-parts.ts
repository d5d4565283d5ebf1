import type { Config } from "#schema/config.ts";
import { openCatalog } from "./game-catalog.ts";
import { pluginShelf } from "./game-plugins.ts";
import type { GameParts } from "./games.ts";

/**
 * Opens the plugins that are named and those that lie in the folder, and reads the catalog; `undefined` when there is no
 * plugin. `reloads`: plugins and headers that change are read anew. Throws ODW_PLUGIN_BAD when a named one cannot be used.
 */
export async function openGamePlugins(config: Config, reloads: boolean, log: (text: string) => void): Promise<GameParts | undefined> {
  const shelf = pluginShelf(config, { files: config["plugins.files"], live: reloads, log });
  try {
    await shelf.start();
  } catch (error) {
    await shelf[Symbol.asyncDispose]();
    throw error;
  }
  if (shelf.claims.length === 0) {
    await shelf[Symbol.asyncDispose]();
    return undefined;
  }
  const catalog = await openCatalog(config, reloads, log);
  return {
    hosts: shelf,
    plugins: shelf,
    catalogFor: catalog.forGame,
    end: async () => {
      catalog.end();
      await shelf[Symbol.asyncDispose]();
    },
  };
}
