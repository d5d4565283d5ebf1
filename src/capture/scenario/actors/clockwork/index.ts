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

/** A program that calls its maker or provider by the clock, whether anybody is there or not. */
interface Program {
  readonly site: string;
  readonly port: number;
  readonly protocol: string;
  /** µs from call to call. */
  readonly every: number;
  /** What is added to it, at most: the next call is due behind the last one. */
  readonly delay: number;
  /** Bytes that it sends and gets, from and to. */
  readonly sends: readonly [number, number];
  readonly gets: readonly [number, number];
}

const second = 1e6;
const minute = 60 * second;
const hour = 60 * minute;

const mail: Program = {
  site: "imap.mail.example.net",
  port: 993,
  protocol: "imap",
  every: 5 * minute,
  delay: 20 * second,
  sends: [150, 260],
  gets: [300, 4_000],
};
const monitoring: Program = {
  site: "agents.example.org",
  port: 443,
  protocol: "http/1.1",
  every: minute,
  delay: 2 * second,
  sends: [3_000, 6_000],
  gets: [120, 140],
};
const telemetry: Program = {
  site: "telemetry.example.com",
  port: 443,
  protocol: "http/1.1",
  every: 15 * minute,
  delay: 2 * minute,
  sends: [800, 9_000],
  gets: [200, 260],
};
const updates: Program = {
  site: "updates.example.com",
  port: 443,
  protocol: "http/1.1",
  every: 4 * hour,
  delay: 4 * hour,
  sends: [400, 900],
  gets: [2_000, 400_000],
};
/** A device that asks its maker for orders: the only one of its kind in the office. */
const device: Program = {
  site: "devices.example.net",
  port: 443,
  protocol: "http/1.1",
  every: 10 * minute,
  delay: 5 * second,
  sends: [380, 390],
  gets: [210, 215],
};

export default defineActor({
  name: "clockwork",
  summary: "Programs that call by the clock and mean no harm: mail every five minutes, monitoring every minute, telemetry, updates.",
  label: "ordinary",
  isLasting: true,
  *start(world, random) {
    const { workstations, files, web, backup, admin, printer } = world.office;
    const run = (client: Host, program: Program): void =>
      world.spawn(calls(world, random.fork(`${client.name} ${program.site}`), client, program), random.between(0, program.every));
    for (const client of [...workstations, admin]) run(client, mail);
    for (const client of [files, web, backup]) run(client, monitoring);
    for (const client of workstations.filter(({ system }) => system !== "linux")) run(client, telemetry);
    for (const client of [...workstations, admin, files, web, backup]) run(client, updates);
    run(printer, device);
    yield 0;
  },
});

function* calls(world: World, random: Random, client: Host, program: Program): Process {
  const site = world.outside.site(program.site) as Site;
  while (world.open) {
    yield* call(world, random, client, program, site);
    yield program.every + random.between(0, program.delay);
  }
}

function* call(world: World, random: Random, client: Host, { port, protocol, sends, gets }: Program, site: Site): Process {
  yield* lookUp(world, random, client, site.name);
  const facts = { name: site.name, browser: service, version: site.tls, protocols: [protocol] } as const;
  const session = new TlsSession(world, random, world.connect(client, site.host, port), facts);
  yield* session.open();
  yield* session.send(Side.client, random.between(...sends));
  yield* session.tcp.pause(random.exponential(40_000));
  yield* session.send(Side.server, random.between(...gets));
  yield* session.close();
}
