import { OddwireError } from "#contract/errors.ts";
import type { GameControl, PluginControl } from "#contract/game-control.ts";
import { isNamed } from "#game/plugin-rows.ts";
import type { UnknownOpcodeRow, UnknownOpcodesAnswer } from "#schema/game.ts";
import type { Game } from "./game.ts";

const directions = ["to_server", "to_client"] as const;

/** What people may ask of a reader while it reads. */
export class ReaderControl implements GameControl {
  readonly #plugins: PluginControl | undefined;
  readonly #games: () => Iterable<Game>;

  constructor(plugins: PluginControl | undefined, games: () => Iterable<Game>) {
    this.#plugins = plugins;
    this.#games = games;
  }

  plugins(): ReturnType<GameControl["plugins"]> {
    return this.#plugins?.rows() ?? [];
  }

  async reloadPlugins(name?: string): ReturnType<GameControl["reloadPlugins"]> {
    const rows = this.plugins();
    if (name !== undefined && !rows.some((row) => isNamed(row, name))) {
      const choices = rows.map((row) => row.game ?? row.file).join(", ") || "none";
      throw new OddwireError("ODW_PLUGIN_UNKNOWN", { name: JSON.stringify(name.slice(0, 100)), choices });
    }
    return (await this.#plugins?.reload(name)) ?? [];
  }

  unknownOpcodes(): UnknownOpcodesAnswer {
    const games = [...this.#games()];
    return {
      opcodes: games.flatMap(rowsOf).toSorted((a, b) => b.count - a.count),
      refused: games.reduce((sum, game) => sum + game.unknownRefused, 0),
    };
  }
}

function rowsOf(game: Game): UnknownOpcodeRow[] {
  const bigEndian = game.host.info.header?.bigEndian ?? false;
  return [...game.unknown].map(([{ name, number, side, named }, unknown]) => ({
    game: game.name,
    opcode: name,
    ...(number >= 0 && { opcode_number: number }),
    direction: directions[side],
    named: named && number >= 0,
    endian: bigEndian ? "big" : "little",
    ...unknown.profile(bigEndian),
  }));
}
