import type { PlayerMark, PlayerMarkChange } from "#schema/player.ts";

/** Notes on players, the watch list and the whitelist: the seam between the API and what keeps them. */
export interface PlayerMarks {
  get(player: string): PlayerMark | undefined;
  /** All players of whom something is said, last changed first. */
  all(): readonly PlayerMark[];
  /** Changes what is given. It is safe when this returns. Throws ODW_OUT_UNWRITABLE, or ODW_LIST_BAD when the list is full. */
  put(player: string, change: PlayerMarkChange): PlayerMark;
}
