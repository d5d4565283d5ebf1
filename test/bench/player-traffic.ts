/** Made-up people of the example game, in clear: what they send, player after player, without a plugin or a network. */
import { Random } from "#base/random.ts";
import { bodies } from "#capture/scenario/lantern/bodies.ts";
import { headerBytes, Opcode } from "#capture/scenario/lantern/packet.ts";
import { Person } from "#capture/scenario/lantern/person.ts";
import type { Forwarded } from "#contract/forward.ts";

const beginUs = 1.7e15;
const tickUs = 100_000;

/** A packet in clear: what a plugin gives back. */
function packet(opcode: number, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(headerBytes + body.length);
  bytes[0] = bytes.length;
  bytes[1] = bytes.length >>> 8;
  bytes[2] = opcode;
  bytes[3] = opcode >>> 8;
  bytes.set(body, headerBytes);
  return bytes;
}

const flowOf = (player: number) => ({
  flowId: player + 1,
  protocol: "lantern",
  transport: "tcp" as const,
  client: `10.${player >> 16}.${(player >> 8) & 255}.${player & 255}`,
  clientPort: 50_000,
  server: "10.255.0.1",
  serverPort: 7777,
  kind: "data" as const,
  missing: 0,
  reason: "",
});

export class PlayerTraffic {
  readonly #flows: readonly ReturnType<typeof flowOf>[];
  readonly #minds: readonly Person[];
  readonly #clocks: Float64Array;
  #number = 0;
  /** Packets that the players sent, and decisions behind them. */
  packets = 0;
  decisions = 0;

  constructor(players: number) {
    const random = new Random(1);
    this.#flows = Array.from({ length: players }, (_, i) => flowOf(i));
    this.#minds = this.#flows.map((_, i) => new Person(random.fork(`player ${i}`)));
    this.#clocks = new Float64Array(players).map((_, i) => i * 37);
  }

  get players(): number {
    return this.#flows.length;
  }

  /** Seconds that the players have played, together. */
  get seconds(): number {
    return this.#clocks.reduce((sum, clock) => sum + clock / 1e6, 0);
  }

  welcome(player: number): Forwarded {
    return this.#step(player, 1, packet(Opcode.welcome, bodies.welcome(player + 1, 3, "meadow", { x: 1, y: 2, z: 3 })));
  }

  /** What a player sends for one decision: its packet, or the ticks of a walk. */
  decided(player: number): Forwarded[] {
    const decision = (this.#minds[player] as Person).next();
    this.#clocks[player] = (this.#clocks[player] as number) + decision.wait;
    const made =
      "walk" in decision
        ? Array.from({ length: Math.ceil(decision.walk / tickUs) }, () => this.#walked(player, decision.heading))
        : [
            this.#step(
              player,
              0,
              packet(Opcode[decision.deed], decision.deed === "attack" ? bodies.attack(decision.what, 1) : bodies.harvest(decision.what)),
            ),
          ];
    this.decisions++;
    this.packets += made.length;
    return made;
  }

  #walked(player: number, heading: number): Forwarded {
    const now = (this.#clocks[player] as number) + tickUs;
    this.#clocks[player] = now;
    const clock = now / 1e3;
    return this.#step(player, 0, packet(Opcode.move, bodies.move(clock, { x: clock / 500, y: 2, z: 3 }, heading, 1)));
  }

  #step(player: number, side: 0 | 1, bytes: Uint8Array): Forwarded {
    const flow = this.#flows[player] as ReturnType<typeof flowOf>;
    return { ...flow, side, bytes, number: ++this.#number, time: beginUs + (this.#clocks[player] as number) };
  }
}
