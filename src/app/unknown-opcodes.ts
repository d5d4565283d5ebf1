import { OddwireError } from "#contract/errors.ts";
import { headerOf } from "#game/reader/header-guess.ts";
import type { Config } from "#schema/config.ts";
import type { UnknownOpcodeRow, UnknownOpcodesAnswer } from "#schema/game.ts";
import { gamesOf } from "./games.ts";
import { readFiles } from "./read.ts";

/**
 * Opcodes in captures that no plugin and no header knows, with what their fields may be. Nothing is written. Throws
 * ODW_GAMES_ABSENT when there is no plugin to read a game with.
 */
export async function unknownOpcodesIn(
  config: Config,
  files: readonly string[],
  onRemark: (text: string) => void,
): Promise<UnknownOpcodesAnswer> {
  const reader = await gamesOf(config, onRemark);
  if (reader === undefined) throw new OddwireError("ODW_GAMES_ABSENT");
  await readFiles({ files, out: "", config, store: false, eve: false, reader, onRemark });
  return reader.control.unknownOpcodes();
}

/** A C header of the guesses, for the catalog's folder. */
export const guessedHeader: (opcodes: readonly UnknownOpcodeRow[]) => string = headerOf;
