import type { PluginControl } from "#contract/game-control.ts";
import type { BotConfig } from "#engine/bots/bot-config.ts";
import { type GameHosts, GameReader } from "#game/reader/game-reader.ts";
import { noCatalog, type PacketCatalog } from "#game/reader/packet-catalog.ts";
import type { CreateScorer } from "#game/reader/player-scorer.ts";
import type { Config } from "#schema/config.ts";
import { openGamePlugins } from "./game-parts.ts";

export interface GameParts {
  readonly hosts: GameHosts;
  /** What is known of the packets of a game. */
  readonly catalogFor: (game: string) => PacketCatalog;
  /** Loads the plugins anew when somebody asks. */
  readonly plugins?: PluginControl;
  /** Players of whom nothing is found, beside those of the configuration. */
  readonly isWhitelisted?: (player: string) => boolean;
  /** True in live capture: plugins and headers that change are read anew, and nobody waits for a plugin. */
  readonly reloads?: boolean;
  /** Judges the players; nobody is judged without. */
  readonly createScorer?: CreateScorer;
  readonly end?: () => Promise<void>;
}

type ReaderFacts = Pick<GameParts, "isWhitelisted" | "reloads">;

/** How long a block of a file waits for a plugin whose host starts it again, and how much longer than its deadline live capture does, ms. */
const fileDeadlineMs = 120_000;
const liveGraceMs = 500;

/** The reader of the games whose plugins are there; `undefined` when there is none. */
export async function gamesOf(config: Config, log: (text: string) => void, facts: ReaderFacts = {}): Promise<GameReader | undefined> {
  const parts = await openGamePlugins(config, facts.reloads ?? false, log);
  return parts === undefined ? undefined : gameReaderOf(config, await judged(config, { ...parts, ...facts }));
}

/** The same for the demo, which brings a game of its own. */
export async function gamesOfDemo(config: Config, log: (text: string) => void, facts: ReaderFacts = {}): Promise<GameReader> {
  const [own, demo] = [await openGamePlugins(config, true, log), await demoGame()];
  return gameReaderOf(config, await judged(config, { ...(own === undefined ? demo : joined(own, demo)), ...facts, reloads: true }));
}

/** The reader of game servers' flows, as the configuration has it. */
export function gameReaderOf(config: Config, parts: GameParts): GameReader {
  const whitelist = new Set(config["game.whitelist"]);
  return new GameReader({
    ...parts,
    hosts: withServers(parts.hosts, config["game.servers"]),
    sessionsMax: config["game.sessions-max"],
    playerIntervalUs: config["game.player-interval-s"] * 1e6,
    packets: config["game.packets"],
    packetsPerSecondMax: config["game.packets-per-second-max"],
    deadlineMs: parts.reloads === true ? config["plugins.deadline-ms"] + liveGraceMs : fileDeadlineMs,
    speeds: namedNumbers(config["game.speeds"]),
    actionRates: namedNumbers(config["game.action-rates"]),
    isWhitelisted: (player) => whitelist.has(player) || parts.isWhitelisted?.(player) === true,
  });
}

/** The same parts with the scorers that the configuration asks for. */
export async function judged(config: Config, parts: GameParts): Promise<GameParts> {
  const { createPlayerScorers } = await import("#game/reader/bot-judge.ts");
  const { defaultBotConfig } = await import("#engine/bots/bot-config.ts");
  return { ...parts, createScorer: createPlayerScorers(botConfigOf(config, defaultBotConfig)) };
}

/** The example game of the demo: its plugin and its catalog come with the scenario. */
export async function demoGame(): Promise<GameParts> {
  const { LanternHost } = await import("#capture/scenario/lantern/host.ts");
  const { lanternCatalog } = await import("#capture/scenario/lantern/layouts.ts");
  const { isNamed, pluginRow } = await import("#game/plugin-rows.ts");
  const host = new LanternHost();
  const { gameId: name, transports, ports } = host.info;
  return {
    hosts: { claims: [{ name, transports, ports }], hostFor: (game) => (game === name ? host : undefined) },
    catalogFor: (game) => (game === name ? lanternCatalog : noCatalog),
    plugins: {
      rows: () => [pluginRow(host.info.file, host)],
      reload: async (wanted) => {
        const row = pluginRow(host.info.file, host);
        if (wanted !== undefined && !isNamed(row, wanted)) return [];
        return [{ file: row.file, name: host.info.name, game: name, outcome: "kept", why: "it comes with the demo" }];
      },
    },
    end: () => host[Symbol.asyncDispose](),
  };
}

/** Both; where both know a game, the first one has it. */
function joined(first: GameParts, second: GameParts): GameParts {
  const known = new Set(first.hosts.claims.map(({ name }) => name));
  const claims = [...first.hosts.claims, ...second.hosts.claims.filter(({ name }) => !known.has(name))];
  return {
    hosts: { claims, hostFor: (game) => first.hosts.hostFor(game) ?? second.hosts.hostFor(game) },
    catalogFor: (game) => (known.has(game) ? first : second).catalogFor(game),
    plugins: {
      rows: () => [...(first.plugins?.rows() ?? []), ...(second.plugins?.rows() ?? [])],
      reload: async (name) => [...((await first.plugins?.reload(name)) ?? []), ...((await second.plugins?.reload(name)) ?? [])],
    },
    end: async () => {
      await first.end?.();
      await second.end?.();
    },
  };
}

/** Further ports of servers, each as GAME=PORT. */
function withServers(hosts: GameHosts, servers: readonly string[]): GameHosts {
  const more = numbersByName(servers);
  const claims = hosts.claims.map((claim) => ({ ...claim, ports: [...claim.ports, ...(more.get(claim.name) ?? [])] }));
  return { claims, hostFor: (game) => hosts.hostFor(game) };
}

/** Parameters of the scorers: the built-in ones, and what the configuration says otherwise. */
function botConfigOf(config: Config, built: BotConfig): BotConfig {
  const weights = namedNumbers(config["bots.weights"]);
  return {
    ...built,
    scorer: config["bots.scorer"] as BotConfig["scorer"],
    classic: {
      ...built.classic,
      weights: {
        interArrival: weights.get("inter-arrival") ?? built.classic.weights.interArrival,
        regularity: weights.get("regularity") ?? built.classic.weights.regularity,
        opcodeEntropy: weights.get("opcode-entropy") ?? built.classic.weights.opcodeEntropy,
        responseConsistency: weights.get("response-consistency") ?? built.classic.weights.responseConsistency,
      },
    },
    rhythm: { ...built.rhythm, actionsMin: config["bots.actions-min"] },
  };
}

/** `lantern=7.5` as a name and all its numbers; what is none is left out. */
function numbersByName(rows: readonly string[]): ReadonlyMap<string, readonly number[]> {
  const all = new Map<string, number[]>();
  for (const row of rows) {
    const at = row.lastIndexOf("=");
    const [name, value] = [row.slice(0, at).trim(), Number(row.slice(at + 1))];
    if (at > 0 && Number.isFinite(value)) all.set(name, [...(all.get(name) ?? []), value]);
  }
  return all;
}

/** The last number of each name. */
const namedNumbers = (rows: readonly string[]): ReadonlyMap<string, number> =>
  new Map([...numbersByName(rows)].map(([name, values]) => [name, values.at(-1) as number]));
