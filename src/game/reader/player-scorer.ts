import type { Side } from "#contract/parser.ts";
import type { PlayerNumbers } from "#engine/bots/player-numbers.ts";

/** Whether a program plays, and why: as `player.bot` tells it. */
export interface BotVerdict {
  readonly verdict: "human" | "undecided" | "bot";
  /** 0 (people) to 1 (a program). */
  readonly score: number;
  readonly classic?: number;
  readonly rhythm?: number;
  /** Actions that it rests on. */
  readonly sample: number;
  readonly evidence: readonly BotEvidence[];
}

/** Name of an opcode by its index. */
export type OpcodeNames = (opcode: number) => string;

export interface BotEvidence {
  /** `text`, or what its numbers are a plot of: `sequence`, `path`, `intervals`, `responses`. */
  readonly kind: string;
  /** One sentence for a game master. */
  readonly text: string;
  readonly [member: string]: unknown;
}

/** What two players have in common. */
export interface Likeness {
  /** 0 to 1. */
  readonly similarity: number;
  readonly why: string;
}

/** Judges one player by its packets. */
export interface PlayerScorer {
  /** A packet of either direction, by the opcode's index; `place` is x, y, z when it tells one, borrowed for the call. `time` in µs. */
  packet(time: number, opcode: number, size: number, side: Side, place: Float64Array | undefined): void;
  /** A measured round trip, µs. */
  roundTrip(time: number, micros: number): void;
  /** The player comes back in another session: the time between is no wait. */
  returns(): void;
  verdict(names: OpcodeNames): BotVerdict;
  /** Compares with another player's scorer; `undefined` when they have nothing in common that is worth telling. */
  likeness(other: PlayerScorer): Likeness | undefined;
}

/** Makes the scorer of a player, which keeps what it counts in the player's numbers. */
export type CreateScorer = (numbers?: PlayerNumbers) => PlayerScorer;
