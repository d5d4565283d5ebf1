import type { Random } from "#base/random.ts";
import { defineActor } from "#capture/scenario/actor.ts";
import { browsers } from "#capture/scenario/content/browsers.ts";
import { Side } from "#capture/scenario/frames/endpoint.ts";
import { lookUp } from "#capture/scenario/habits/look-up.ts";
import { humanPause, pauseAtWork } from "#capture/scenario/habits/pauses.ts";
import { TlsSession } from "#capture/scenario/habits/tls-session.ts";
import type { Host } from "#capture/scenario/office.ts";
import type { Site } from "#capture/scenario/outside.ts";
import type { Process } from "#capture/scenario/scheduler.ts";
import type { World } from "#capture/scenario/world.ts";

export default defineActor({
  name: "web-browser",
  summary: "People at their desks and phones read pages: a look-up, a page, its parts from other servers, a pause to read.",
  label: "ordinary",
  isLasting: true,
  *start(world, random) {
    for (const client of [...world.office.workstations, ...world.office.phones])
      world.spawn(person(world, random, client), random.exponential(6_000_000));
    yield 0;
  },
});

/** Somebody who reads for a while and then does something else. */
function* person(world: World, random: Random, client: Host): Process {
  const favourites = [random.pick(world.outside.of("page")), random.pick(world.outside.of("page")), random.pick(world.outside.of("page"))];
  while (world.open) {
    const pages = random.between(1, 6);
    for (let i = 0; i < pages && world.open; i++) {
      yield* page(world, random, client, random.chance(0.7) ? random.pick(favourites) : random.pick(world.outside.of("page")));
      yield humanPause(random, 9_000_000);
    }
    yield* pauseAtWork(world, random, client, 50_000_000);
  }
}

function* page(world: World, random: Random, client: Host, site: Site): Process {
  const parts = random.between(0, 4);
  for (let i = 0; i < parts; i++)
    world.spawn(
      fetchFrom(world, random, client, random.pick(world.outside.of("part")), random.between(2, 9)),
      random.between(150_000, 600_000),
    );
  yield* fetchFrom(world, random, client, site, random.between(1, 5));
}

/** A connection on which some things are fetched. */
function* fetchFrom(world: World, random: Random, client: Host, site: Site, count: number): Process {
  const browser = browsers[client.browser % browsers.length] as (typeof browsers)[number];
  yield* lookUp(world, random, client, site.name);
  const session = new TlsSession(world, random, world.connect(client, site.host, 443), {
    name: site.name,
    browser,
    version: site.tls,
    protocols: ["h2", "http/1.1"],
  });
  yield* session.open();
  for (let i = 0; i < count; i++) {
    yield* session.send(Side.client, random.between(90, 700));
    yield random.exponential(15_000);
    yield* session.send(Side.server, Math.min(600_000, Math.ceil(Math.exp(random.normal(9.2, 1.3)))));
    yield* session.tcp.pause(random.exponential(random.chance(0.2) ? 1_500_000 : 40_000));
  }
  yield* session.tcp.pause(random.between(300_000, 6_000_000));
  if (random.chance(0.12)) session.tcp.reset(Side.client);
  else yield* session.close(random.chance(0.7) ? Side.client : Side.server);
}
