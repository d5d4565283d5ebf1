import type { ForwardedEvent } from "#contract/forward.ts";
import type { Game } from "./game.ts";
import { usualTopSpeed } from "./movement.ts";
import type { Player } from "./player.ts";
import { playerMember } from "./player-event.ts";
import { botFinding, clockFinding, likeFinding, paceFinding, speedFinding, tellFinding } from "./player-findings.ts";
import type { BotVerdict } from "./player-scorer.ts";
import { unusual } from "./unusual.ts";

/** Players of one game that are remembered after they have left: about 8 KB each. The one that left first is forgotten beyond it. */
export const awayMax = 20_000;
/** Players with a rhythm of their own that each is compared with. */
const comparedMax = 64;

export interface TellerOptions {
  readonly playerIntervalUs: number;
  readonly speeds: ReadonlyMap<string, number>;
  readonly isWhitelisted: (player: string) => boolean;
}

/** Tells players: every so often while they play, when they leave, and what is found of them. */
export class PlayerTeller {
  readonly #options: TellerOptions;
  readonly #due = new Set<Player>();
  /** Players whom a program seems to play, by game: whom others are compared with. */
  readonly #bots = new Map<Game, Player[]>();
  readonly #usual = new Map<Game, { readonly number: number; readonly speed: number }>();

  constructor(options: TellerOptions) {
    this.#options = options;
  }

  /** A player has sent or got something. */
  seen(player: Player, time: number): void {
    if (time - player.told >= this.#options.playerIntervalUs) this.#due.add(player);
  }

  /** Players to be told, once. */
  due(): readonly Player[] {
    if (this.#due.size === 0) return [];
    const due = [...this.#due];
    this.#due.clear();
    return due;
  }

  /** A player has left: it is remembered, unless the game has not named it or knows it by another session. */
  leave({ players, away }: Game, player: Player): void {
    if (player.open > 0) return;
    if (!player.named) players.delete(player.id);
    if (players.get(player.id) !== player) return;
    away.add(player);
    if (away.size <= awayMax) return;
    for (const first of away) {
      players.delete(first.id);
      away.delete(first);
      return;
    }
  }

  tell(player: Player, state: "online" | "left", game: Game | undefined, emit: ForwardedEvent, number: number): void {
    if (game === undefined) return;
    const time = player.last;
    const verdict = player.scorer?.verdict((opcode) => game.opcodes.nameAt(opcode));
    const whitelisted = this.#options.isWhitelisted(player.id);
    const rows = unusual(player.statistics, game.opcodes);
    player.told = time;
    const told = { state, time, verdict, whitelisted, unusual: rows };
    emit({ kind: "player", time, number, flow: player.flow, members: { player: playerMember(player, told) } });
    player.statistics.interval();
    if (whitelisted) return;
    this.#find(player, game, verdict, emit, number);
  }

  #find(player: Player, game: Game, verdict: BotVerdict | undefined, emit: ForwardedEvent, number: number): void {
    const time = player.last;
    if (verdict !== undefined) tellFinding(emit, player, botFinding(player, verdict), time, number);
    tellFinding(emit, player, clockFinding(player), time, number);
    tellFinding(emit, player, paceFinding(player, game.actionRate), time, number);
    const usual = this.#usualSpeed(game, number);
    tellFinding(emit, player, speedFinding(player, usual, this.#options.speeds.get(game.name)), time, number);
    // Told once: who has been compared with success is not compared again.
    if (verdict?.verdict === "bot" && !player.found.includes("same-macro")) this.#compare(player, game, emit, number);
  }

  /** Same macro, same rhythm: compares a program with the game's other ones. */
  #compare(player: Player, game: Game, emit: ForwardedEvent, number: number): void {
    const bots = this.#bots.get(game) ?? [];
    this.#bots.set(game, bots);
    for (const other of bots) {
      if (other === player || other.scorer === undefined) continue;
      const likeness = player.scorer?.likeness(other.scorer);
      if (likeness === undefined) continue;
      tellFinding(emit, player, likeFinding(player, other, likeness), player.last, number);
      break;
    }
    if (bots.includes(player)) return;
    bots.push(player);
    if (bots.length > comparedMax) bots.shift();
  }

  /** Once for each block, since it looks at all players. */
  #usualSpeed(game: Game, number: number): number {
    const known = this.#usual.get(game);
    if (known?.number === number) return known.speed;
    const speed = usualTopSpeed([...game.players.values()].map(({ movement }) => movement?.sustainedSpeed ?? 0));
    this.#usual.set(game, { number, speed });
    return speed;
  }
}
