import type { Random } from "#base/random.ts";
import { defineActor } from "#capture/scenario/actor.ts";
import { service } from "#capture/scenario/content/browsers.ts";
import { Side } from "#capture/scenario/frames/endpoint.ts";
import { lookUp } from "#capture/scenario/habits/look-up.ts";
import { humanPause, pauseAtWork } from "#capture/scenario/habits/pauses.ts";
import { TlsSession } from "#capture/scenario/habits/tls-session.ts";
import type { Host } from "#capture/scenario/office.ts";
import type { Site } from "#capture/scenario/outside.ts";
import type { Process } from "#capture/scenario/scheduler.ts";
import type { World } from "#capture/scenario/world.ts";

const IMAPS = 993;
const HTTPS = 443;
const signOfLifeAfter = 30_000_000;
/** How long a line holds on average, µs. */
const lineHolds = 7_200_000_000;

export default defineActor({
  name: "tls-client",
  summary: "What people's programs do beside: mail that is sent, files that are synchronised, a chat that stays open.",
  label: "ordinary",
  isLasting: true,
  *start(world, random) {
    for (const client of world.office.workstations) {
      world.spawn(program(world, random, client), random.exponential(10_000_000));
      if (random.chance(0.4)) world.spawn(chats(world, random, client), random.between(0, 20_000_000));
    }
    yield 0;
  },
});

function* program(world: World, random: Random, client: Host): Process {
  while (world.open) {
    const use = random.unit();
    const site = random.pick(world.outside.of(use < 0.3 ? "mail" : "api"));
    yield* visit(world, random, client, site);
    yield* pauseAtWork(world, random, client, 25_000_000);
  }
}

const open = (world: World, random: Random, client: Host, site: Site): TlsSession => {
  const mail = site.use === "mail";
  const tcp = world.connect(client, site.host, mail ? IMAPS : HTTPS);
  return new TlsSession(world, random, tcp, {
    name: site.name,
    browser: service,
    version: site.tls,
    protocols: mail ? ["imap"] : ["http/1.1"],
  });
};

function* visit(world: World, random: Random, client: Host, site: Site): Process {
  yield* lookUp(world, random, client, site.name);
  const session = open(world, random, client, site);
  yield* session.open();
  const count = random.between(1, 7);
  for (let i = 0; i < count; i++) {
    yield* session.send(Side.client, random.between(40, 900));
    yield* session.tcp.pause(random.exponential(30_000));
    yield* session.send(Side.server, Math.ceil(random.exponential(3_000)));
    yield* session.tcp.pause(random.exponential(60_000));
  }
  yield* session.close();
}

/** Open while somebody is there, and opened again when the line was cut. */
function* chats(world: World, random: Random, client: Host): Process {
  while (world.open) {
    yield* chat(world, random, client, world.now + humanPause(random, lineHolds));
    yield* pauseAtWork(world, random, client, 10_000_000);
  }
}

/** A connection that stays, on which a few bytes go to and fro, and a sign of life when nobody says anything. */
function* chat(world: World, random: Random, client: Host, until: number): Process {
  const site = world.outside.site("chat.example.com") as Site;
  yield* lookUp(world, random, client, site.name);
  const session = open(world, random, client, site);
  yield* session.open();
  while (world.now < until && world.hours.away(client, world.now) === 0) {
    const silence = humanPause(random, 20_000_000);
    yield* session.tcp.pause(Math.min(silence, signOfLifeAfter));
    if (silence > signOfLifeAfter) yield* session.send(Side.client, 40);
    else yield* session.send(random.chance(0.4) ? Side.client : Side.server, random.between(40, 400));
  }
  yield* session.close();
}
