import { existsSync } from "node:fs";
import { join } from "node:path";
import type { PlayerMarks } from "#contract/player-marks.ts";
import { SqlitePlayerMarks } from "#store/sqlite/player-marks.ts";

/** What people say of players, beside the store in the directory. The file is made with the first mark. Throws ODW_STORE_UNREADABLE. */
export function openPlayerMarks(out: string): SqlitePlayerMarks {
  const path = join(out, "players.db");
  return new SqlitePlayerMarks(path, existsSync(path));
}

/** True for players of whom nothing is to be found; looks at the marks of the moment. */
export const whitelistOf =
  (marks: PlayerMarks): ((player: string) => boolean) =>
  (player) =>
    marks.get(player)?.whitelisted === true;
