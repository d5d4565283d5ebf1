/** What a player does, beside walking. */
export type Deed = "attack" | "useItem" | "loot" | "chat" | "trade" | "harvest" | "emote";

/** One decision: after `wait` µs of the player's time, walk or do something. */
export type Decision =
  | { readonly wait: number; readonly deed: Deed; readonly what: number }
  /** Walks that long, µs, in that direction, radians. */
  | { readonly wait: number; readonly walk: number; readonly heading: number };

/** Who decides: a person or a program. Both sit behind the same client. */
export interface Mind {
  next(): Decision;
}
