import type { Forwarded } from "#contract/forward.ts";
import { BalanceClock } from "#engine/bots/balance-clock.ts";
import type { GamePacket } from "./framer.ts";
import { type OpcodePlan, takeNumbers } from "./game.ts";
import type { GameEvents } from "./game-events.ts";
import type { GameOpcode } from "./game-opcodes.ts";
import { aheadMaxUs, lagMaxUs, Movement } from "./movement.ts";
import { type PlayerFacts, takeFacts, valueAt } from "./player-facts.ts";
import { opcodeFieldsMax } from "./player-statistics.ts";
import type { GameSession } from "./session.ts";

type Fields = Readonly<Record<string, unknown>>;

/** The place in a packet that is about movement, and of which nobody knows where the place stands. */
const nowhere = Float64Array.of(Number.NaN, Number.NaN, Number.NaN);

/** Each action pays its share of a second; what a stalled line delivers at once was saved up before. */
function pace({ game, player }: GameSession, time: number): void {
  const { actionRate } = game;
  if (actionRate === undefined) return;
  player.pace ??= new BalanceClock({
    tickMicros: 1e6 / actionRate,
    driftMicros: lagMaxUs,
    aheadMicros: aheadMaxUs,
    unitsPerSecondMax: 0,
    teleportUnitsMin: 0,
  });
  player.pace.report(time, Number.NaN, Number.NaN);
}

/** Reads single packets: their opcode, their fields, and what they say of their player. */
export class PacketReader {
  /** Called when a packet has told who plays. */
  readonly #identified: (session: GameSession) => void;
  readonly #events: GameEvents;
  readonly #numbers = new Float64Array(opcodeFieldsMax);
  readonly #place = new Float64Array(3);

  constructor(events: GameEvents, identified: (session: GameSession) => void) {
    this.#events = events;
    this.#identified = identified;
  }

  packet(session: GameSession, step: Pick<Forwarded, "time" | "number" | "side">, packet: GamePacket): void {
    const { game } = session;
    const { side, time } = step;
    session.packets[side]++;
    const opcode = game.opcodes.of(packet.opcode, side);
    if (opcode === undefined) return;
    const body = packet.bytes.subarray(packet.body);
    const first = opcode.packets === 0;
    const fields = opcode.named ? game.catalog.fieldsOf(opcode.name, side, body) : undefined;
    const plan = fields === undefined ? undefined : game.plan(opcode, fields);
    const count = plan === undefined || fields === undefined ? 0 : takeNumbers(plan, fields, this.#numbers);
    if (plan !== undefined && fields !== undefined) this.#told(session, plan, fields, time);
    const { player } = session;
    player.last = time;
    player.statistics.packet(opcode, time, packet.bytes.length, this.#numbers, count);
    const place = plan?.moves === true ? this.#placeOf(player.facts) : opcode.moving ? nowhere : undefined;
    // By index, since games number both directions on their own.
    // One that nobody names may be the client's clock: it proves nothing.
    if (!opcode.automatic) player.scorer?.packet(time, opcode.isRaw ? -1 : opcode.index, packet.bytes.length, side, place);
    if (side === 0 && !opcode.automatic && place === undefined) pace(session, time);
    if (fields === undefined) this.#unknown(session, step, opcode, body);
    if (first && opcode.named) this.#events.opcode(session, step, opcode, packet.bytes.length, fields);
    this.#events.packet(session, step, opcode, packet.bytes.length, fields);
  }

  #told(session: GameSession, plan: OpcodePlan, fields: Fields, time: number): void {
    if (plan.facts.length === 0) return;
    takeFacts(session.player.facts, plan.facts, fields);
    if (plan.moves) this.#moves(session, plan, fields, time);
    if (plan.facts.some(({ fact }) => fact === "id" || fact === "name")) this.#identified(session);
  }

  #placeOf({ x = 0, y = 0, z = 0 }: PlayerFacts): Float64Array {
    const place = this.#place;
    place[0] = x;
    place[1] = y;
    place[2] = z;
    return place;
  }

  #moves({ game, player }: GameSession, plan: OpcodePlan, fields: Fields, time: number): void {
    const { x = 0, y = 0, z = 0 } = player.facts;
    const clock = plan.clock === undefined ? undefined : valueAt(fields, plan.clock.path);
    const clientTime = typeof clock === "number" && plan.clock !== undefined ? clock * plan.clock.micros : -1;
    player.movement ??= new Movement(player.numbers);
    const { movement } = player;
    if (clientTime < 0) game.movementGap(time - movement.time);
    if (clientTime >= 0 || game.tick > 0) movement.move(time, x, y, z, clientTime, game.tick);
    else movement.wait(time);
  }

  #unknown(session: GameSession, step: Pick<Forwarded, "time" | "number" | "side">, opcode: GameOpcode, body: Uint8Array): void {
    // A body of no bytes needs no description.
    if (opcode.named && body.length === 0) return;
    const unknown = session.game.unknownOf(opcode);
    if (unknown === undefined) return;
    const complete = unknown.full;
    unknown.add(body, step.time, session.number);
    if (!complete && unknown.full) this.#events.unknown(session.game, opcode, unknown, step);
  }
}
