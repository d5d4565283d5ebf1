import type { Random } from "#base/random.ts";
import { defineActor } from "#capture/scenario/actor.ts";
import { service } from "#capture/scenario/content/browsers.ts";
import { Side } from "#capture/scenario/frames/endpoint.ts";
import { lookUp } from "#capture/scenario/habits/look-up.ts";
import { TlsSession } from "#capture/scenario/habits/tls-session.ts";
import type { Host } from "#capture/scenario/office.ts";
import type { Site } from "#capture/scenario/outside.ts";
import type { Process } from "#capture/scenario/scheduler.ts";
import type { World } from "#capture/scenario/world.ts";

const IMAPS = 993;
const HTTPS = 443;

export default defineActor({
  name: "tls-client",
  summary: "Programs without a window: mail that is looked for, files that are synchronised, updates, a chat that stays open.",
  label: "ordinary",
  *start(world, random) {
    for (const client of world.office.workstations) {
      world.spawn(program(world, random, client), random.exponential(10_000_000));
      if (random.chance(0.4)) world.spawn(chat(world, random, client), random.between(0, 20_000_000));
    }
    yield 0;
  },
});

function* program(world: World, random: Random, client: Host): Process {
  while (world.open) {
    const use = random.unit();
    const site = random.pick(world.outside.of(use < 0.4 ? "mail" : use < 0.85 ? "api" : "updates"));
    yield* visit(world, random, client, site);
    yield random.exponential(22_000_000);
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
    yield* session.send(Side.server, Math.ceil(random.exponential(site.use === "updates" ? 60_000 : 3_000)));
    yield* session.tcp.pause(random.exponential(60_000));
  }
  yield* session.close();
}

/** A connection that stays, on which a few bytes go to and fro. */
function* chat(world: World, random: Random, client: Host): Process {
  const site = world.outside.site("chat.example.com") as Site;
  yield* lookUp(world, random, client, site.name);
  const session = open(world, random, client, site);
  yield* session.open();
  while (world.open) {
    yield* session.tcp.pause(random.exponential(8_000_000));
    const side = random.chance(0.4) ? Side.client : Side.server;
    yield* session.send(side, random.between(40, 400));
  }
  yield* session.close();
}
