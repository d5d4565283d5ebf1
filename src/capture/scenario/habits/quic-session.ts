import type { Random } from "#base/random.ts";
import { quicBrowser } from "#capture/scenario/content/browsers.ts";
import {
  ackFrame,
  cryptoFrame,
  handshakePacket,
  initialKeys,
  initialPacket,
  shortPacket,
  transportParameters,
} from "#capture/scenario/content/quic.ts";
import { clientHelloMessage, join, serverHello13 } from "#capture/scenario/content/tls.ts";
import type { DatagramFlow } from "#capture/scenario/frames/datagram-flow.ts";
import { Side } from "#capture/scenario/frames/endpoint.ts";
import type { Process } from "#capture/scenario/scheduler.ts";
import type { World } from "#capture/scenario/world.ts";

/** Smallest datagram that may carry an Initial packet (RFC 9000 14.1), and the size that browsers take. */
const FIRST_BYTES = 1_250;
const DATA_BYTES = 1_250;
const AES_128_GCM = 0x1301;
/** Shorter packets have no room for what protects their head (RFC 9001 5.4.2). */
const DATA_BYTES_MIN = 24;
const WINDOW = 24;
const nothing = new Uint8Array(0);

/** A QUIC connection: an Initial exchange that can be read, then packets that cannot. */
export class QuicSession {
  readonly #world: World;
  readonly #random: Random;
  readonly #flow: DatagramFlow;
  readonly #name: string;
  /** The identifier that the server chose; browsers go without one of their own. */
  readonly #serverId: Uint8Array;

  constructor(world: World, random: Random, flow: DatagramFlow, name: string) {
    this.#world = world;
    this.#random = random;
    this.#flow = flow;
    this.#name = name;
    this.#serverId = random.bytes(8);
  }

  *open(): Process {
    const random = this.#random;
    const flow = this.#flow;
    const firstId = random.bytes(8);
    const [client, server] = [initialKeys(firstId, "client in"), initialKeys(firstId, "server in")];
    const hello = clientHelloMessage(random, quicBrowser, { name: this.#name, protocols: ["h3"], transport: transportParameters(nothing) });
    flow.send(
      Side.client,
      initialPacket(client, { to: firstId, from: nothing, number: 0, frames: [cryptoFrame(hello)], bytes: FIRST_BYTES }),
    );
    yield flow.lag(Side.server);
    const frames = [ackFrame(0), cryptoFrame(serverHello13(random, AES_128_GCM, 0))];
    const first = initialPacket(server, { to: nothing, from: this.#serverId, number: 0, frames, bytes: 180 });
    flow.send(Side.server, join([first, handshakePacket(nothing, this.#serverId, this.#hidden(1_040))]));
    yield 150;
    flow.send(Side.server, handshakePacket(nothing, this.#serverId, this.#hidden(random.between(900, 1_200))));
    yield flow.lag(Side.client);
    const answer = initialPacket(client, { to: this.#serverId, from: nothing, number: 1, frames: [ackFrame(0)], bytes: 1_130 });
    flow.send(Side.client, join([answer, handshakePacket(this.#serverId, nothing, this.#hidden(90))]));
    yield random.between(100, 900);
  }

  /** `length` bytes in one direction, acknowledged by every other packet. */
  *send(side: Side, length: number): Process {
    const flow = this.#flow;
    const receiver: Side = side === Side.client ? Side.server : Side.client;
    yield flow.lag(side);
    let inFlight = 0;
    for (let left = length; left > 0; left -= DATA_BYTES) {
      this.#packet(side, Math.min(left, DATA_BYTES));
      yield 90;
      inFlight++;
      if (inFlight % 2 === 0 && receiver === Side.client) this.#packet(receiver, 30);
      if (inFlight % WINDOW === 0) yield flow.lag(side);
    }
    yield flow.lag(receiver);
    this.#packet(receiver, 28);
  }

  *close(): Process {
    yield this.#flow.lag(Side.client);
    this.#packet(Side.client, 32);
  }

  #packet(side: Side, length: number): void {
    this.#flow.send(side, shortPacket(side === Side.client ? this.#serverId : nothing, this.#hidden(Math.max(length, DATA_BYTES_MIN))));
  }

  #hidden(length: number): Uint8Array {
    return this.#world.noise.bytes(this.#random, length);
  }
}
