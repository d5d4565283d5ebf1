import type { Random } from "#base/random.ts";
import { Side } from "#capture/scenario/frames/endpoint.ts";
import type { TcpConnection } from "#capture/scenario/frames/tcp-connection.ts";
import type { Host } from "#capture/scenario/office.ts";
import type { Process } from "#capture/scenario/scheduler.ts";
import type { World } from "#capture/scenario/world.ts";
import { bodies, type Entity } from "./bodies.ts";
import type { Decision, Mind } from "./mind.ts";
import { LanternSender, Opcode } from "./packet.ts";

export interface Character {
  readonly account: number;
  readonly player: number;
  readonly name: string;
  readonly level: number;
  /** How fast its client's clock runs: 1, unless it was tampered with. */
  readonly rate: number;
}

export const lanternPort = 7777;
const tick = 100_000;
const pingEvery = 2_000_000;
const worldEvery = 1_000_000;
const clientVersion = 3;
/** Metres in a second. */
const walkSpeed = 6;
const worldSize = 400;

/** One session of Lantern over TCP, from the handshake to the end; `mind` decides what the player does until `until`. */
export function* playLantern(world: World, random: Random, client: Host, character: Character, mind: Mind, until: number): Process {
  const play = new LanternPlay(world, random, world.connect(client, world.office.web, lanternPort), character);
  yield* play.login();
  yield* play.until(until, mind);
  yield* play.logout();
}

/** Client and server of one session; what either is to do next stands in `#due`, packet time in µs. */
class LanternPlay {
  readonly #world: World;
  readonly #random: Random;
  readonly #tcp: TcpConnection;
  readonly #character: Character;
  readonly #client: LanternSender;
  readonly #server: LanternSender;
  readonly #key: number;
  readonly #due = { deed: 0, move: Number.POSITIVE_INFINITY, ping: 0, world: 0 };
  readonly #place: { x: number; y: number; z: number };
  #walkUntil = 0;
  #heading = 0;
  /** Packet time at which the client's clock began, µs. */
  #begin = 0;
  #worldTick = 0;
  #hp = 100;
  #experience = 0;

  constructor(world: World, random: Random, tcp: TcpConnection, character: Character) {
    this.#world = world;
    this.#random = random;
    this.#tcp = tcp;
    this.#character = character;
    this.#key = random.uint32();
    this.#client = new LanternSender(0, this.#key);
    this.#server = new LanternSender(1, this.#key);
    this.#place = { x: random.between(0, worldSize), y: random.between(0, worldSize), z: random.between(0, 20) };
  }

  *login(): Process {
    const { account, player, name, level } = this.#character;
    yield* this.#tcp.open();
    yield* this.#send(Side.client, Opcode.hello, bodies.hello(clientVersion, "lantern 1.4"));
    yield* this.#send(Side.server, Opcode.key, bodies.key(this.#key));
    yield* this.#send(Side.client, Opcode.login, bodies.login(account, name, this.#random.bytes(16)));
    yield* this.#send(Side.server, Opcode.welcome, bodies.welcome(player, level, "meadow", this.#place));
    yield* this.#stats();
  }

  /** Does what is due, in order, until that packet time. */
  *until(until: number, mind: Mind): Process {
    const due = this.#due;
    const { now } = this.#world;
    this.#begin = now;
    let decision = mind.next();
    due.deed = now + decision.wait / this.#character.rate;
    due.ping = now + this.#random.between(0, pingEvery);
    due.world = now + this.#random.between(0, worldEvery);
    for (;;) {
      const next = Math.min(due.deed, due.move, due.ping, due.world);
      if (next >= until) return;
      if (next > this.#world.now) yield* this.#tcp.pause(next - this.#world.now);
      if (next === due.deed) {
        yield* this.#decide(decision);
        decision = mind.next();
        due.deed = next + decision.wait / this.#character.rate;
      } else if (next === due.move) yield* this.#move();
      else if (next === due.ping) yield* this.#ping();
      else yield* this.#state();
    }
  }

  *logout(): Process {
    yield* this.#send(Side.client, Opcode.logout, bodies.logout(0));
    yield* this.#tcp.close();
  }

  *#decide(decision: Decision): Process {
    if ("walk" in decision) {
      this.#heading = decision.heading;
      this.#walkUntil = this.#world.now + decision.walk / this.#character.rate;
      if (this.#due.move === Number.POSITIVE_INFINITY) this.#due.move = this.#world.now;
      return;
    }
    const { what } = decision;
    if (decision.deed === "attack") yield* this.#attack(what);
    else if (decision.deed === "useItem") yield* this.#send(Side.client, Opcode.useItem, bodies.itemUse(what & 7, 500 + what));
    else if (decision.deed === "loot") yield* this.#answered(Opcode.loot, bodies.loot(100 + what), what);
    else if (decision.deed === "harvest") yield* this.#answered(Opcode.harvest, bodies.harvest(900 + what), what);
    else if (decision.deed === "emote") yield* this.#send(Side.client, Opcode.emote, bodies.emote(what & 15));
    else if (decision.deed === "chat")
      yield* this.#send(Side.client, Opcode.chat, bodies.chat(1, words.slice(what % 9, (what % 9) + 1 + (what % 4)).join(" ")));
    else yield* this.#send(Side.client, Opcode.trade, bodies.trade(42 + what, [{ item: 500 + what, amount: 1 + (what & 3) }]));
  }

  *#attack(what: number): Process {
    yield* this.#send(Side.client, Opcode.attack, bodies.attack(100 + what, 1 + (what & 3)));
    const amount = this.#random.between(5, 20);
    yield* this.#send(Side.server, Opcode.damage, bodies.damage(100 + what, amount, this.#random.chance(0.1)));
    this.#hp = this.#hp < 25 ? 100 : this.#hp - this.#random.between(0, 6);
    this.#experience += amount;
    if (this.#random.chance(0.2)) yield* this.#stats();
  }

  *#answered(opcode: number, body: Uint8Array, what: number): Process {
    yield* this.#send(Side.client, opcode, body);
    yield* this.#send(Side.server, Opcode.item, bodies.item(what & 15, { item: 500 + what, amount: 1 }));
  }

  /** A tick of the client while it walks. Its clock and its steps go at the character's rate. */
  *#move(): Process {
    const { rate } = this.#character;
    const place = this.#place;
    place.x += Math.cos(this.#heading) * walkSpeed * (tick / 1e6);
    place.y += Math.sin(this.#heading) * walkSpeed * (tick / 1e6);
    const { move } = this.#due;
    const clientTime = Math.round(((move - this.#begin) * rate) / 1e3);
    const stops = move >= this.#walkUntil;
    yield* this.#send(Side.client, Opcode.move, bodies.move(clientTime, place, this.#heading, stops ? 0 : 1));
    this.#due.move = stops ? Number.POSITIVE_INFINITY : move + tick / rate;
  }

  *#ping(): Process {
    const clock = Math.floor(this.#world.now / 1e3) >>> 0;
    yield* this.#send(Side.client, Opcode.ping, bodies.ping(clock));
    yield* this.#send(Side.server, Opcode.pong, bodies.pong(clock, clock));
    this.#due.ping += pingEvery;
  }

  *#state(): Process {
    const { x, y, z } = this.#place;
    const entities = Array.from(
      { length: 4 + (this.#worldTick & 3) },
      (_, i): Entity => ({ id: 100 + i, x: x + i * 3, y: y - i * 2, z, hp: 50 + i }),
    );
    yield* this.#send(Side.server, Opcode.worldState, bodies.worldState(this.#worldTick++, entities), true);
    this.#due.world += worldEvery;
  }

  *#stats(): Process {
    yield* this.#send(Side.server, Opcode.playerStats, bodies.playerStats(this.#character.level, this.#hp, 100, this.#experience));
  }

  *#send(side: Side, opcode: number, body: Uint8Array, compressed = false): Process {
    const sender = side === Side.client ? this.#client : this.#server;
    yield* this.#tcp.send(side, sender.packet(opcode, body, compressed));
  }
}

const words = ["hello", "where", "is", "the", "smith", "thanks", "anyone", "for", "the", "north", "gate", "now", "later"];
