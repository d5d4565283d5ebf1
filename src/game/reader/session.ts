import type { Forwarded } from "#contract/forward.ts";
import type { Side } from "#contract/parser.ts";
import { Framer } from "./framer.ts";
import type { Game } from "./game.ts";
import type { Player, SessionFlow } from "./player.ts";

/** One connection of a player to a game's server. */
export class GameSession {
  /** From 1, never used again. */
  readonly number: number;
  readonly game: Game;
  readonly flow: SessionFlow;
  readonly framers: readonly [Framer, Framer];
  /** Packet time of its first and its last bytes, µs. */
  readonly begin: number;
  last: number;
  readonly packets: [number, number] = [0, 0];
  /** Bytes that the plugin could not read. */
  unread = 0;
  player: Player;
  /** Why it ended, and at which packet time (µs), once it has. */
  end: { readonly reason: string; readonly time: number } | undefined;

  constructor(number: number, game: Game, flow: SessionFlow, time: number, player: Player) {
    this.number = number;
    this.game = game;
    this.flow = flow;
    this.begin = time;
    this.last = time;
    this.player = player;
    const { header, opcodes } = game.host.info;
    const stream = flow.transport === "tcp";
    const framer = (side: Side): Framer =>
      new Framer(header, opcodes?.[side].size === 0 ? undefined : opcodes?.[side], stream, game.packet);
    this.framers = [framer(0), framer(1)];
  }

  /** Bytes that belong to no packet. */
  get undecoded(): number {
    return this.unread + this.framers[0].lost + this.framers[1].lost;
  }
}

/** What stays of a step when the step is gone. */
export const flowOf = ({ flowId, client, server, clientPort, serverPort, transport, protocol }: Forwarded): SessionFlow => ({
  flowId,
  client,
  server,
  clientPort,
  serverPort,
  transport,
  protocol,
});
