import type { Random } from "#base/random.ts";
import {
  bannerLine,
  ecdhInit,
  ecdhReply,
  keyExchangeInit,
  newKeys,
  openSshServer,
  type SshProgram,
  sealed,
} from "#capture/scenario/content/ssh.ts";
import { join } from "#capture/scenario/content/tls.ts";
import { Side } from "#capture/scenario/frames/endpoint.ts";
import type { TcpConnection } from "#capture/scenario/frames/tcp-connection.ts";
import type { Process } from "#capture/scenario/scheduler.ts";
import type { World } from "#capture/scenario/world.ts";

/** Opens the connection and negotiates keys, up to where the client may name its user. */
export function* negotiate(world: World, random: Random, tcp: TcpConnection, program: SshProgram): Process {
  const { noise } = world;
  yield* tcp.open();
  yield* tcp.send(Side.client, bannerLine(program));
  yield* tcp.pause(random.between(2_000, 9_000));
  yield* tcp.send(Side.server, bannerLine(openSshServer));
  yield* tcp.send(Side.client, keyExchangeInit(random, noise, program));
  yield* tcp.send(Side.server, keyExchangeInit(random, noise, openSshServer));
  yield* tcp.send(Side.client, ecdhInit(random, noise));
  yield random.between(1_000, 4_000);
  yield* tcp.send(Side.server, ecdhReply(random, noise));
  yield* tcp.send(Side.client, join([newKeys(), sealed(random, noise, 24)]));
  yield* tcp.send(Side.server, sealed(random, noise, 24));
}

/** One try to log in with a password or key, and the server's word. */
export function* attempt(world: World, random: Random, tcp: TcpConnection, thinking: number): Process {
  yield* tcp.send(Side.client, sealed(random, world.noise, random.between(60, 120)));
  yield* tcp.pause(thinking);
  yield* tcp.send(Side.server, sealed(random, world.noise, 28));
}
