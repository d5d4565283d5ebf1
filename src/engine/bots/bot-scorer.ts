import type { AccountSignature } from "./account-signature.ts";
import type { BotConfig } from "./bot-config.ts";
import { ClassicScorer } from "./classic-scorer.ts";
import { RhythmBench } from "./judge.ts";
import { PlayerNumbers } from "./player-numbers.ts";
import { RhythmScorer } from "./rhythm-scorer.ts";
import type { Verdict } from "./verdict.ts";

/** Opcode of a packet that no plugin could name: the verdict's coverage is then "packets", and it never says "bot". */
export const rawOpcode = -1;

/** Judges one player, packet by packet in capture order. Never reads a clock: the same packets give the same verdict. */
export interface BotScorer {
  /**
   * A packet of the player's session.
   * @param time packet time, µs
   * @param opcode the game's number of the packet, or `rawOpcode`
   * @param size bytes of the packet
   * @param direction 0 to the server, 1 to the client (the same as `serverEvent`)
   * @param fields position x, y (and z) of the player when the packet tells one; read during the call, not kept
   */
  action(time: number, opcode: number, size: number, direction: 0 | 1, fields?: Float64Array): void;
  /** Something that the server told the player at `time`, µs. With its opcode, regular updates are told from events. */
  serverEvent(time: number, opcode?: number): void;
  /** A measured round trip, µs: people slow down when it grows. */
  roundTrip(time: number, roundTrip: number): void;
  /** The player was away and comes back: the time between is no wait, and what it did before still counts. */
  returns(): void;
  /** What is thought of the player now. Costs something: ask for it when it is shown, not for each packet. */
  verdict(): Verdict;
  /** The fingerprint to compare accounts by; the classic scorer has none. */
  signature(): AccountSignature | undefined;
}

/**
 * Makes the scorers of one thread's players: they share the prepared configuration and the memory of an evaluation. A
 * player's numbers hold one scorer of each kind.
 */
export function createBotScorers(config: BotConfig): (numbers?: PlayerNumbers) => BotScorer {
  if (config.scorer === "classic") {
    const ignored = new Set(config.ignoredOpcodes);
    return (numbers = new PlayerNumbers()) => new ClassicScorer(config, ignored, numbers);
  }
  const bench = new RhythmBench(config);
  return (numbers = new PlayerNumbers()) => new RhythmScorer(config, bench, numbers);
}

/** A scorer for one player alone, of the kind that the configuration names. */
export function createBotScorer(config: BotConfig): BotScorer {
  return createBotScorers(config)();
}
