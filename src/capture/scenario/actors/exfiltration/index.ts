import { defineActor } from "#capture/scenario/actor.ts";
import { service } from "#capture/scenario/content/browsers.ts";
import { Side } from "#capture/scenario/frames/endpoint.ts";
import { TlsSession } from "#capture/scenario/habits/tls-session.ts";
import type { Host } from "#capture/scenario/office.ts";

const bytes = 7_000_000;
const chunk = 250_000;

export default defineActor({
  name: "exfiltration",
  summary: "A desk that otherwise only reads sends seven megabytes to a machine that nobody has talked to before.",
  label: "attack",
  *start(world, random) {
    const client = world.office.workstations[3] as Host;
    const drop = world.outside.host("203.0.113.105", 26_000);
    yield world.wait(262);
    const facts = { name: "share.example.org", browser: service, version: 13, protocols: ["http/1.1"] } as const;
    const session = new TlsSession(world, random, world.connect(client, drop, 443), facts);
    yield* session.open();
    for (let sent = 0; sent < bytes; sent += chunk) {
      yield* session.send(Side.client, chunk);
      yield* session.send(Side.server, 80);
      yield* session.tcp.pause(random.between(20_000, 300_000));
    }
    yield* session.close();
  },
});
