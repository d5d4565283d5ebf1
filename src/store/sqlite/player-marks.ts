import { OddwireError } from "#contract/errors.ts";
import type { PlayerMarks } from "#contract/player-marks.ts";
import type { PlayerMark, PlayerMarkChange } from "#schema/player.ts";
import { MarkFile } from "./mark-file.ts";

/** Players of whom something may be said. */
const marksMax = 100_000;

const table = `CREATE TABLE IF NOT EXISTS player_mark (
  player TEXT PRIMARY KEY,
  note TEXT NOT NULL,
  watched INTEGER NOT NULL,
  whitelisted INTEGER NOT NULL,
  changed INTEGER NOT NULL
) STRICT, WITHOUT ROWID`;

const upsert = `INSERT INTO player_mark (player, note, watched, whitelisted, changed) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (player) DO UPDATE SET note = excluded.note, watched = excluded.watched,
  whitelisted = excluded.whitelisted, changed = excluded.changed`;

/** Marks of players, in a file of their own. All are held in memory, so that looking one up costs nothing. */
export class SqlitePlayerMarks implements PlayerMarks {
  readonly #file: MarkFile;
  readonly #marks = new Map<string, PlayerMark>();

  /** Reads the file, if it exists; it is made with the first change. Throws ODW_STORE_UNREADABLE. */
  constructor(path: string, exists: boolean) {
    this.#file = new MarkFile(path, table);
    if (!exists) return;
    for (const mark of this.#file.rows("SELECT player, note, watched, whitelisted, changed FROM player_mark", markOf))
      this.#marks.set(mark.player, mark);
  }

  get(player: string): PlayerMark | undefined {
    return this.#marks.get(player);
  }

  all(): readonly PlayerMark[] {
    return [...this.#marks.values()].toSorted((a, b) => b.changed - a.changed);
  }

  put(player: string, change: PlayerMarkChange): PlayerMark {
    const before = this.#marks.get(player) ?? { player, note: "", watched: false, whitelisted: false, changed: 0 };
    const mark = { ...before, ...change, changed: Date.now() };
    const says = mark.note !== "" || mark.watched || mark.whitelisted;
    if (says && !this.#marks.has(player) && this.#marks.size >= marksMax)
      throw new OddwireError("ODW_LIST_BAD", {
        where: this.#file.path,
        cause: `it holds ${marksMax} players already`,
        mend: "empty the marks of some",
      });
    this.#write(mark, says);
    if (says) this.#marks.set(player, mark);
    else this.#marks.delete(player);
    return mark;
  }

  #write({ player, note, watched, whitelisted, changed }: PlayerMark, says: boolean): void {
    if (says) this.#file.run(upsert, player, note, Number(watched), Number(whitelisted), changed);
    else this.#file.run("DELETE FROM player_mark WHERE player = ?", player);
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }
}

const markOf = (row: { readonly [column: string]: unknown }): PlayerMark => ({
  player: String(row["player"]),
  note: String(row["note"]),
  watched: row["watched"] === 1,
  whitelisted: row["whitelisted"] === 1,
  changed: Number(row["changed"]),
});
