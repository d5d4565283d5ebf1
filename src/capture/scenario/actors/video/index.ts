import type { Random } from "#base/random.ts";
import { defineActor } from "#capture/scenario/actor.ts";
import { browsers } from "#capture/scenario/content/browsers.ts";
import { Side } from "#capture/scenario/frames/endpoint.ts";
import { lookUp } from "#capture/scenario/habits/look-up.ts";
import { humanPause, nextOf } from "#capture/scenario/habits/pauses.ts";
import { TlsSession } from "#capture/scenario/habits/tls-session.ts";
import type { Host } from "#capture/scenario/office.ts";
import type { Site } from "#capture/scenario/outside.ts";
import type { Process } from "#capture/scenario/scheduler.ts";
import type { World } from "#capture/scenario/world.ts";

/** Somebody begins a film about so often, µs, and watches so many pieces of it. */
const every = 900_000_000;
const piecesMean = 20;

export default defineActor({
  name: "video",
  summary: "Somebody watches a film: every four seconds the next piece of it.",
  label: "ordinary",
  isLasting: true,
  *start(world, random) {
    yield world.wait(15 + random.between(0, 10));
    world.spawn(film(world, random, random.pick(world.office.workstations), 25));
    yield world.wait(165 + random.between(0, 20));
    const { phones, workstations } = world.office;
    world.spawn(film(world, random, random.pick(phones), 16));
    while (world.open) {
      const client = yield* nextOf(world, random, [...workstations, ...phones], every);
      world.spawn(film(world, random, client, Math.ceil(humanPause(random, piecesMean))));
    }
  },
});

function* film(world: World, random: Random, client: Host, pieces: number): Process {
  const [site] = world.outside.of("video") as [Site];
  yield* lookUp(world, random, client, site.name);
  const browser = browsers[client.browser % browsers.length] as (typeof browsers)[number];
  const session = new TlsSession(world, random, world.connect(client, site.host, 443), {
    name: site.name,
    browser,
    version: 13,
    protocols: ["h2", "http/1.1"],
  });
  yield* session.open();
  for (let i = 0; i < pieces; i++) {
    const begin = world.now;
    yield* session.send(Side.client, random.between(200, 400));
    yield* session.send(Side.server, random.between(350_000, 800_000));
    yield* session.tcp.pause(Math.max(0, 4_000_000 - (world.now - begin)));
  }
  yield* session.close();
}
