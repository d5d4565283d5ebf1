import { DatabaseSync } from "node:sqlite";
import { OddwireError } from "#contract/errors.ts";
import type { PlayerMarks } from "#contract/player-marks.ts";
import type { PlayerMark, PlayerMarkChange } from "#schema/player.ts";
import { causeOf } from "./open.ts";

/** Players of whom something may be said. */
const marksMax = 100_000;
/** Somebody else may write the same file for a moment. */
const busyMs = 500;

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

/**
 * Marks of players in a file of their own beside the store: what people wrote outlives events that retention deletes,
 * and a change never waits for the writer of events. All are held in memory, so that looking one up costs nothing.
 */
export class SqlitePlayerMarks implements PlayerMarks {
  readonly #path: string;
  readonly #marks = new Map<string, PlayerMark>();
  #db: DatabaseSync | undefined;

  /** Reads the file, if it exists; it is made with the first change. Throws ODW_STORE_UNREADABLE. */
  constructor(path: string, exists: boolean) {
    this.#path = path;
    if (!exists) return;
    try {
      using db = new DatabaseSync(path, { readOnly: true, timeout: busyMs });
      for (const row of db.prepare("SELECT player, note, watched, whitelisted, changed FROM player_mark").iterate()) {
        const mark = markOf(row);
        this.#marks.set(mark.player, mark);
      }
    } catch (error) {
      throw new OddwireError("ODW_STORE_UNREADABLE", { path, cause: causeOf(error) }, { cause: error });
    }
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
        where: this.#path,
        cause: `it holds ${marksMax} players already`,
        mend: "empty the marks of some",
      });
    this.#write(mark, says);
    if (says) this.#marks.set(player, mark);
    else this.#marks.delete(player);
    return mark;
  }

  #write(mark: PlayerMark, says: boolean): void {
    const { player, note, watched, whitelisted, changed } = mark;
    try {
      this.#db ??= this.#open();
      if (says) this.#db.prepare(upsert).run(player, note, Number(watched), Number(whitelisted), changed);
      else this.#db.prepare("DELETE FROM player_mark WHERE player = ?").run(player);
    } catch (error) {
      throw new OddwireError("ODW_OUT_UNWRITABLE", { path: this.#path, cause: causeOf(error) }, { cause: error });
    }
  }

  #open(): DatabaseSync {
    const db = new DatabaseSync(this.#path, { timeout: busyMs });
    db.exec(`PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; ${table}`);
    return db;
  }

  [Symbol.dispose](): void {
    this.#db?.close();
    this.#db = undefined;
  }
}

const markOf = (row: { readonly [column: string]: unknown }): PlayerMark => ({
  player: String(row["player"]),
  note: String(row["note"]),
  watched: row["watched"] === 1,
  whitelisted: row["whitelisted"] === 1,
  changed: Number(row["changed"]),
});
