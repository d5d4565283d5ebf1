import type { Random } from "#base/random.ts";
import { defineActor } from "#capture/scenario/actor.ts";
import { guesser } from "#capture/scenario/content/ssh.ts";
import { Side } from "#capture/scenario/frames/endpoint.ts";
import { attempt, negotiate } from "#capture/scenario/habits/ssh-login.ts";
import type { Host } from "#capture/scenario/office.ts";
import type { Process } from "#capture/scenario/scheduler.ts";
import type { World } from "#capture/scenario/world.ts";

const connections = 40;

export default defineActor({
  name: "ssh-brute-force",
  summary: "A stranger guesses passwords: forty short SSH connections to the web server, three guesses each.",
  label: "attack",
  *start(world, random) {
    const stranger = world.outside.host("203.0.113.90", 45_000);
    yield world.wait(200);
    for (let i = 0; i < connections; i++) {
      world.spawn(guess(world, random, stranger));
      yield random.between(400_000, 900_000);
    }
  },
});

function* guess(world: World, random: Random, stranger: Host): Process {
  const tcp = world.connect(stranger, world.office.web, 22, { loss: 0 });
  yield* negotiate(world, random, tcp, guesser);
  for (let i = 0; i < 3; i++) yield* attempt(world, random, tcp, random.between(300_000, 900_000));
  yield* tcp.close(Side.server);
}
