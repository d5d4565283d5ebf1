import type { Side } from "#contract/parser.ts";

/** Opcodes of one game that are told apart; packets of further ones are only counted. */
export const opcodesMax = 1024;
/** Steps from one opcode to the next that are counted for a game; further ones are only counted together. */
const stepsMax = 8192;

/** A word of its own in a name says that the client tells where it is: `CMSG_MOVE`, `PlayerPosition`, not `REMOVE_ITEM`. */
const moving = /^(move|movement|moving|pos|position|walk|run|jump|step|heading|facing|look|rotate|rotation)$/;
const wordsOf = (name: string): readonly string[] =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z]+/);

const automatic = /PING|PONG|KEEP_?ALIVE|HEARTBEAT|(^|_)ACK(_|$)|TIME_?SYNC/i;

/** What is known of one opcode in one direction, of all players together. */
export class GameOpcode {
  readonly index: number;
  readonly number: number;
  readonly side: Side;
  /** `CMSG_MOVE`, or `0x10` where nobody names it. */
  readonly name: string;
  readonly named: boolean;
  /** True when it says nothing of what it is for: packets without opcodes, and opcodes to the server without a name. */
  readonly isRaw: boolean;
  /** True when its name says that the client tells where it is, whether or not a header says how. */
  readonly moving: boolean;
  /** True when clients send or answer it by themselves: nobody decides it. */
  readonly automatic: boolean;
  /** Names of the fields that are numbers, in the order in which players count them. */
  numbers: readonly string[] = [];
  packets = 0;
  /** Players who have sent or got it. */
  players = 0;

  constructor(index: number, number: number, side: Side, name: string | undefined) {
    this.index = index;
    this.number = number;
    this.side = side;
    this.named = name !== undefined;
    this.automatic = name !== undefined && automatic.test(name);
    this.isRaw = number < 0 || (side === 0 && name === undefined);
    this.moving = side === 0 && name !== undefined && wordsOf(name).some((word) => moving.test(word));
    this.name = name ?? `0x${number.toString(16).padStart(2, "0")}`;
  }
}

/** A step from one opcode to the next, of all players together. */
export interface GameStep {
  count: number;
  players: number;
}

/** The opcodes of one game: the population that its players are compared with. */
export class GameOpcodes {
  /** Packets of opcodes beyond `opcodesMax`, and steps beyond `stepsMax`. */
  refused = 0;
  /** Players who have sent anything. */
  players = 0;
  /** Packets to the server, and steps between them. */
  packets = 0;
  steps = 0;
  readonly all: GameOpcode[] = [];
  readonly #places = [new Map<number, GameOpcode>(), new Map<number, GameOpcode>()] as const;
  readonly #steps = new Map<number, GameStep>();
  readonly #nameOf: (opcode: number, side: Side) => string | undefined;

  constructor(nameOf: (opcode: number, side: Side) => string | undefined) {
    this.#nameOf = nameOf;
  }

  /** `undefined` when the game has too many. */
  of(opcode: number, side: Side): GameOpcode | undefined {
    const found = this.#places[side].get(opcode);
    if (found !== undefined) return found;
    if (this.all.length >= opcodesMax) {
      this.refused++;
      return undefined;
    }
    const made = new GameOpcode(this.all.length, opcode, side, this.#nameOf(opcode, side));
    this.all.push(made);
    this.#places[side].set(opcode, made);
    return made;
  }

  at(index: number): GameOpcode {
    return this.all[index] as GameOpcode;
  }

  /** Name by index; movement, and what is no opcode, has no name of its own. */
  nameAt(index: number): string {
    return this.all[index]?.name ?? "movement";
  }

  step(from: number, to: number): GameStep | undefined {
    const key = from * opcodesMax + to;
    let step = this.#steps.get(key);
    if (step !== undefined) return step;
    if (this.#steps.size >= stepsMax) {
      this.refused++;
      return undefined;
    }
    step = { count: 0, players: 0 };
    this.#steps.set(key, step);
    return step;
  }
}
