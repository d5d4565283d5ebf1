import type { Random } from "#base/random.ts";
import { defineActor } from "#capture/scenario/actor.ts";
import { openSsh, sealed } from "#capture/scenario/content/ssh.ts";
import { Side } from "#capture/scenario/frames/endpoint.ts";
import { pauseAtWork } from "#capture/scenario/habits/pauses.ts";
import { attempt, negotiate } from "#capture/scenario/habits/ssh-login.ts";
import type { Host } from "#capture/scenario/office.ts";
import type { Process } from "#capture/scenario/scheduler.ts";
import type { World } from "#capture/scenario/world.ts";

export default defineActor({
  name: "ssh-session",
  summary: "The administrator works on the servers: keys typed one by one, their echo, now and then a page of output.",
  label: "ordinary",
  isLasting: true,
  *start(world, random) {
    const { web, files, backup } = world.office;
    while (world.open) {
      yield* pauseAtWork(world, random, world.office.admin, 40_000_000);
      yield* session(world, random, random.pick([web, files, backup]));
    }
  },
});

function* session(world: World, random: Random, server: Host): Process {
  const tcp = world.connect(world.office.admin, server, 22, { version: random.chance(0.3) ? 6 : 4 });
  yield* negotiate(world, random, tcp, openSsh);
  yield* attempt(world, random, tcp, 9_000);
  yield* attempt(world, random, tcp, 3_000);
  const commands = random.between(2, 9);
  for (let i = 0; i < commands; i++) {
    const keys = random.between(3, 25);
    for (let key = 0; key < keys; key++) {
      yield* tcp.send(Side.client, sealed(random, world.noise, 12));
      yield* tcp.send(Side.server, sealed(random, world.noise, 12));
      yield* tcp.pause(random.between(60_000, 260_000));
    }
    yield* tcp.send(Side.server, sealed(random, world.noise, Math.ceil(random.exponential(3_000))));
    yield* tcp.pause(random.exponential(3_000_000));
  }
  yield* tcp.close();
}
