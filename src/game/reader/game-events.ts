import type { Forwarded, ForwardedEvent } from "#contract/forward.ts";
import type { Game } from "./game.ts";
import type { GameOpcode } from "./game-opcodes.ts";
import type { GameSession } from "./session.ts";
import type { UnknownOpcode } from "./unknown-opcode.ts";

/** Longest text and list in the fields of a packet that is told. */
const textMax = 256;
const listMax = 32;
const depthMax = 4;

const directions = ["to_server", "to_client"] as const;
type Moment = Pick<Forwarded, "time" | "number" | "side">;
type Fields = Readonly<Record<string, unknown>>;

/** Tells what happens in games as `game_session` events. */
export class GameEvents {
  /** Packets that were not told, since there were too many in a second. */
  withheld = 0;
  /** Where events go: set for each block. */
  emit: ForwardedEvent = () => undefined;
  readonly #packets: boolean;
  readonly #perSecondMax: number;
  readonly #second = new Map<Game, { second: number; count: number }>();

  constructor(options: { readonly packets: boolean; readonly packetsPerSecondMax: number }) {
    this.#packets = options.packets;
    this.#perSecondMax = options.packetsPerSecondMax;
  }

  opened(session: GameSession, step: Moment): void {
    this.#tell(session, step, "session_opened", {});
  }

  closed(session: GameSession, { reason, time }: { readonly reason: string; readonly time: number }, number: number): void {
    const { packets, player, begin, last, undecoded } = session;
    this.#tell(session, { time, number, side: 0 }, "session_closed", {
      player: player.id,
      reason,
      age: Math.round(Math.max(0, last - begin) / 1e3) / 1e3,
      pkts_toserver: packets[0],
      pkts_toclient: packets[1],
      ...(undecoded > 0 && { undecoded }),
    });
  }

  /** The first packet of an opcode. */
  opcode(session: GameSession, step: Moment, opcode: GameOpcode, size: number, fields: Fields | undefined): void {
    this.#tell(session, step, "opcode_new", { ...ofOpcode(opcode), size, ...(fields !== undefined && { fields: bounded(fields) }) });
  }

  /** What was collected of an opcode that nobody knows. */
  unknown(game: Game, opcode: GameOpcode, unknown: UnknownOpcode, moment: Pick<Forwarded, "time" | "number">): void {
    const profile = unknown.profile(game.host.info.header?.bigEndian ?? false);
    const members = { game_session: { name: game.name, event: "opcode_unknown", ...ofOpcode(opcode), unknown: profile } };
    this.emit({ kind: "game_session", time: moment.time, number: moment.number, members });
  }

  /** A packet, when packets are told. */
  packet(session: GameSession, step: Moment, opcode: GameOpcode, size: number, fields: Fields | undefined): void {
    if (!this.#packets) return;
    if (!this.#mayTell(session.game, step.time)) {
      this.withheld++;
      return;
    }
    const { player } = session;
    this.#tell(session, step, "packet", {
      ...(player.named && { player: player.id }),
      ...ofOpcode(opcode),
      size,
      ...(fields !== undefined && { fields: bounded(fields) }),
    });
  }

  trouble(game: Game, trouble: string, time: number, number: number): void {
    this.emit({ kind: "game_session", time, number, members: { game_session: { name: game.name, event: "plugin", trouble } } });
  }

  #mayTell(game: Game, time: number): boolean {
    const second = Math.floor(time / 1e6);
    let counted = this.#second.get(game);
    if (counted === undefined) {
      counted = { second, count: 0 };
      this.#second.set(game, counted);
    }
    if (counted.second !== second) {
      counted.second = second;
      counted.count = 0;
    }
    return ++counted.count <= this.#perSecondMax;
  }

  #tell(session: GameSession, { time, number, side }: Moment, event: string, more: Fields): void {
    const members = { game_session: { name: session.game.name, event, session: session.number, ...more } };
    this.emit({ kind: "game_session", time, number, flow: session.flow, side, members });
  }
}

const ofOpcode = ({ name, number, side }: GameOpcode): Fields => ({
  direction: directions[side],
  opcode: name,
  ...(number >= 0 && { opcode_number: number }),
});

/** Fields as they may stand in an event: long texts and lists are cut. */
function bounded(fields: Fields): Fields {
  return cut(fields, 0) as Fields;
}

function cut(value: unknown, depth: number): unknown {
  if (typeof value === "string") return value.slice(0, textMax);
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Uint8Array) return Buffer.from(value.subarray(0, textMax / 2)).toString("hex");
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth >= depthMax) return "…";
  if (Array.isArray(value)) return value.slice(0, listMax).map((item) => cut(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, cut(item, depth + 1)]));
}
