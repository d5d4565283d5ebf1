import type { Random } from "#base/random.ts";
import { defineActor } from "#capture/scenario/actor.ts";
import { service } from "#capture/scenario/content/browsers.ts";
import { Side } from "#capture/scenario/frames/endpoint.ts";
import { TlsSession } from "#capture/scenario/habits/tls-session.ts";
import type { Process } from "#capture/scenario/scheduler.ts";
import type { World } from "#capture/scenario/world.ts";

const bytes = 22_000_000;
const chunk = 1_000_000;
const every = 3_600_000_000;
/** A timer that spreads the load begins so much late at most, µs. */
const delayMax = 600_000_000;

export default defineActor({
  name: "backup",
  summary: "The file server sends what has changed to the backup server, about every hour: a large transfer, and a harmless one.",
  label: "ordinary",
  isLasting: true,
  *start(world, random) {
    yield world.wait(235 + random.between(0, 10));
    while (world.open) {
      yield* save(world, random);
      yield every + random.between(0, delayMax);
    }
  },
});

function* save(world: World, random: Random): Process {
  const { files, backup } = world.office;
  const facts = { name: backup.name, browser: service, version: 13, protocols: ["backup/2"] } as const;
  const session = new TlsSession(world, random, world.connect(files, backup, 8443, { spacing: 60 }), facts);
  yield* session.open();
  for (let sent = 0; sent < bytes; sent += chunk) {
    yield* session.send(Side.client, chunk);
    yield* session.send(Side.server, 60);
    yield* session.tcp.pause(random.exponential(250_000));
  }
  yield* session.close();
}
