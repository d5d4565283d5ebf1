import type { Random } from "#base/random.ts";
import type { Process } from "./scheduler.ts";
import type { World } from "./world.ts";

/** One kind of traffic. */
export interface Actor {
  /** Name of the folder. */
  readonly name: string;
  readonly summary: string;
  /** What a detector should say of it. */
  readonly label: "ordinary" | "attack";
  /** Starts once and goes on for ever, instead of anew in each round. What people and programs do has no rounds. */
  readonly isLasting?: boolean;
  /**
   * What the actor does in one round. `random` is its own: another actor's numbers do not depend on how many it takes.
   * It begins nothing new after `world.until`; what runs then is left to end.
   */
  start(world: World, random: Random): Process;
}

export const defineActor = (actor: Actor): Actor => actor;
