import type { Forwarded } from "#contract/forward.ts";
import type { BalanceClock } from "#engine/bots/balance-clock.ts";
import { PlayerNumbers, places } from "#engine/bots/player-numbers.ts";
import type { GameOpcodes } from "./game-opcodes.ts";
import type { Movement } from "./movement.ts";
import type { PlayerFacts } from "./player-facts.ts";
import type { CreateScorer, PlayerScorer } from "./player-scorer.ts";
import { PlayerStatistics } from "./player-statistics.ts";

/** Where a session's packets go; what events name as their flow. */
export type SessionFlow = Pick<Forwarded, "flowId" | "client" | "server" | "clientPort" | "serverPort" | "transport" | "protocol">;

const SINCE = places.times;
const LAST = places.times + 1;
const TOLD = places.times + 2;
const BEFORE = places.times + 3;

/** One player: what its sessions tell, together. */
export class Player {
  /** `lantern:42`; by address and port until the game has told. */
  id: string;
  /** True once the game has told who it is. */
  named = false;
  readonly facts: PlayerFacts = {};
  /** What statistics, scorers and movement count. */
  readonly numbers = new PlayerNumbers();
  readonly statistics: PlayerStatistics;
  readonly scorer: PlayerScorer | undefined;
  movement: Movement | undefined;
  /** Rate of its actions; made where the game's limit is known. */
  pace: BalanceClock | undefined;
  /** The session that it plays in, or played in last. */
  session: number;
  flow: SessionFlow;
  /** Sessions that are open. */
  open = 1;
  /** Bytes that the capture does not hold. */
  missing = 0;
  rttMs: number | undefined;
  /** Findings that were told of it, by name: each is told once. */
  readonly found: string[] = [];

  constructor(
    flow: SessionFlow,
    session: number,
    time: number,
    parts: { readonly opcodes: GameOpcodes; readonly createScorer: CreateScorer | undefined },
  ) {
    const { all } = this.numbers;
    all[SINCE] = time;
    all[LAST] = time;
    all[TOLD] = time;
    this.id = `${flow.protocol}:${flow.client}:${flow.clientPort}`;
    this.flow = flow;
    this.session = session;
    this.statistics = new PlayerStatistics(parts.opcodes, this.numbers);
    this.scorer = parts.createScorer?.(this.numbers);
  }

  /** Packet time of the first packet of the session that it plays in, or played in last, µs. */
  get since(): number {
    return this.numbers.all[SINCE] as number;
  }

  /** Packet time of its last packet, µs. */
  get last(): number {
    return this.numbers.all[LAST] as number;
  }

  set last(time: number) {
    this.numbers.all[LAST] = time;
  }

  /** Packet time of its last event, µs. */
  get told(): number {
    return this.numbers.all[TOLD] as number;
  }

  set told(time: number) {
    this.numbers.all[TOLD] = time;
  }

  /** How long earlier sessions lasted together, µs. */
  get before(): number {
    return this.numbers.all[BEFORE] as number;
  }

  /** Comes back in another session. */
  returns(session: number, flow: SessionFlow, time: number): void {
    const { all } = this.numbers;
    all[BEFORE] = this.before + this.last - this.since;
    this.session = session;
    this.flow = flow;
    all[SINCE] = time;
    all[LAST] = time;
    all[TOLD] = time;
    this.open++;
    this.statistics.returns();
    this.scorer?.returns();
    this.movement?.reset();
    this.pace = undefined;
  }
}
