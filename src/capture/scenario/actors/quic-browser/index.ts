import type { Random } from "#base/random.ts";
import { defineActor } from "#capture/scenario/actor.ts";
import { Side } from "#capture/scenario/frames/endpoint.ts";
import { lookUp } from "#capture/scenario/habits/look-up.ts";
import { pauseAtWork } from "#capture/scenario/habits/pauses.ts";
import { QuicSession } from "#capture/scenario/habits/quic-session.ts";
import type { Host } from "#capture/scenario/office.ts";
import type { Process } from "#capture/scenario/scheduler.ts";
import type { World } from "#capture/scenario/world.ts";

export default defineActor({
  name: "quic-browser",
  summary: "Browsers that fetch over QUIC (RFC 9000) where the server offers it.",
  label: "ordinary",
  isLasting: true,
  *start(world, random) {
    for (const client of [...world.office.workstations.filter((_, i) => i % 3 === 0), ...world.office.phones])
      world.spawn(reader(world, random, client), random.exponential(15_000_000));
    yield 0;
  },
});

function* reader(world: World, random: Random, client: Host): Process {
  while (world.open) {
    const site = random.pick(world.outside.of(random.chance(0.5) ? "page" : "part"));
    yield* lookUp(world, random, client, site.name);
    const session = new QuicSession(world, random, world.datagrams(client, site.host, 443), site.name);
    yield* session.open();
    const count = random.between(1, 6);
    for (let i = 0; i < count; i++) {
      yield* session.send(Side.client, random.between(60, 400));
      yield random.exponential(12_000);
      yield* session.send(Side.server, Math.min(300_000, Math.ceil(Math.exp(random.normal(9.2, 1.2)))));
      yield random.exponential(400_000);
    }
    yield* session.close();
    yield* pauseAtWork(world, random, client, 40_000_000);
  }
}
