import { defineActor } from "#capture/scenario/actor.ts";
import { service } from "#capture/scenario/content/browsers.ts";
import { Side } from "#capture/scenario/frames/endpoint.ts";
import { TlsSession } from "#capture/scenario/habits/tls-session.ts";

const bytes = 22_000_000;
const chunk = 1_000_000;

export default defineActor({
  name: "backup",
  summary: "The file server sends the day's changes to the backup server: the largest transfer of a round, and a harmless one.",
  label: "ordinary",
  *start(world, random) {
    yield world.wait(235 + random.between(0, 10));
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
  },
});
