import type { Random } from "#base/random.ts";
import { defineActor } from "#capture/scenario/actor.ts";
import { implant } from "#capture/scenario/content/browsers.ts";
import { Side } from "#capture/scenario/frames/endpoint.ts";
import { TlsSession } from "#capture/scenario/habits/tls-session.ts";
import type { Host } from "#capture/scenario/office.ts";
import type { Process } from "#capture/scenario/scheduler.ts";
import type { World } from "#capture/scenario/world.ts";

const period = 10_000_000;
const jitter = 0.05;
const name = "status.example.org";

export default defineActor({
  name: "beacon",
  summary: "An implant on a desk calls home every ten seconds: a small TLS session with a certificate that it signed itself.",
  label: "attack",
  *start(world, random) {
    const client = world.office.workstations[10] as Host;
    const home = world.outside.host("203.0.113.199", 38_000);
    // The phase is the same in every round, so that the rhythm goes on across rounds.
    const phase = world.steady.fork("phase").between(1_000_000, 9_000_000);
    for (let at = world.from + phase; at < world.until; at += period) {
      yield at + period * jitter * (random.unit() - 0.5) - world.now;
      world.spawn(call(world, random, client, home));
    }
  },
});

function* call(world: World, random: Random, client: Host, home: Host): Process {
  const facts = { name, browser: implant, version: 12, protocols: [], issuer: name } as const;
  const session = new TlsSession(world, random, world.connect(client, home, 443, { loss: 0 }), facts);
  yield* session.open();
  yield* session.send(Side.client, random.between(180, 220));
  yield* session.send(Side.server, random.between(110, 130));
  yield* session.close();
}
