import type { PlayerMarks } from "#contract/player-marks.ts";
import type { PlayerMark, PlayerMarkChange } from "#schema/player.ts";

/** Marks of players in memory. */
export class FakeMarks implements PlayerMarks {
  readonly #marks = new Map<string, PlayerMark>();

  get(player: string): PlayerMark | undefined {
    return this.#marks.get(player);
  }

  all(): readonly PlayerMark[] {
    return [...this.#marks.values()].toReversed();
  }

  put(player: string, change: PlayerMarkChange): PlayerMark {
    const before = this.#marks.get(player) ?? { player, note: "", watched: false, whitelisted: false };
    const mark = { ...before, ...change, changed: Date.now() };
    this.#marks.delete(player);
    this.#marks.set(player, mark);
    return mark;
  }
}
