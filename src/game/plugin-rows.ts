import { basename, extname, resolve } from "node:path";
import type { GamePluginInfo, PluginHealth } from "#contract/game-plugin.ts";
import type { PluginRow } from "#schema/game.ts";

type Opened = { readonly info: GamePluginInfo; readonly health: PluginHealth };

/** A plugin and how it is, or why it is refused. */
export function pluginRow(file: string, what: Opened | { readonly cause: string }): PluginRow {
  if ("cause" in what) return { file, state: "refused", trouble: what.cause };
  const { info, health } = what;
  return {
    file,
    state: health.state,
    kind: info.kind,
    name: info.name,
    game: info.gameId,
    version: info.version,
    abi: info.abi,
    ports: info.ports,
    restarts: health.restarts,
    requests: health.requests,
    failures: health.failures,
    ...(health.lastTrouble !== undefined && { trouble: health.lastTrouble }),
  };
}

/** True when people mean this plugin: by its game, its name or its file, whatever the capitals. */
export function isNamed({ file, game, name }: PluginRow, wanted: string): boolean {
  const short = basename(file);
  const names = [game, name, short, short.slice(0, -extname(short).length)].map((one) => one?.toLowerCase());
  return names.includes(wanted.toLowerCase()) || file === resolve(wanted);
}
