import { type GameHosts, GameReader } from "#game/reader/game-reader.ts";
import type { PacketCatalog } from "#game/reader/packet-catalog.ts";
import type { Config } from "#schema/config.ts";

export interface GameParts {
  readonly hosts: GameHosts;
  readonly catalog: PacketCatalog;
  /** Players of whom nothing is found, beside those of the configuration. */
  readonly isWhitelisted?: (player: string) => boolean;
  readonly start?: () => Promise<void>;
  readonly end?: () => Promise<void>;
}

/** How long a block waits for a plugin whose own host does not answer, ms. */
const deadlineMs = 5000;

/** The reader of game servers' flows, as the configuration has it. */
export function gameReaderOf(config: Config, parts: GameParts): GameReader {
  const whitelist = new Set(config["game.whitelist"]);
  return new GameReader({
    ...parts,
    sessionsMax: config["game.sessions-max"],
    playerIntervalUs: config["game.player-interval-s"] * 1e6,
    packets: config["game.packets"],
    packetsPerSecondMax: config["game.packets-per-second-max"],
    deadlineMs,
    speeds: namedNumbers(config["game.speeds"]),
    isWhitelisted: (player) => whitelist.has(player) || parts.isWhitelisted?.(player) === true,
  });
}

/** The example game of the demo: its plugin and its catalog come with the scenario. */
export async function demoGame(): Promise<GameParts> {
  const { LanternHost } = await import("#capture/scenario/lantern/host.ts");
  const { lanternCatalog } = await import("#capture/scenario/lantern/layouts.ts");
  const host = new LanternHost();
  const { gameId: name, transports, ports } = host.info;
  return {
    hosts: { claims: [{ name, transports, ports }], hostFor: (game) => (game === name ? host : undefined) },
    catalog: lanternCatalog,
    end: () => host[Symbol.asyncDispose](),
  };
}

/** `lantern=7.5` as a name and a number; what is none is left out. */
function namedNumbers(rows: readonly string[]): ReadonlyMap<string, number> {
  const pairs = rows.map((row): [string, number] => {
    const at = row.lastIndexOf("=");
    return [row.slice(0, at).trim(), Number(row.slice(at + 1))];
  });
  return new Map(pairs.filter(([name, value]) => name !== "" && Number.isFinite(value)));
}
