import type { Random } from "#base/random.ts";
import { defineActor } from "#capture/scenario/actor.ts";
import { service } from "#capture/scenario/content/browsers.ts";
import { httpRequest, httpResponse } from "#capture/scenario/content/http.ts";
import { Side } from "#capture/scenario/frames/endpoint.ts";
import { lookUp } from "#capture/scenario/habits/look-up.ts";
import { nextOf } from "#capture/scenario/habits/pauses.ts";
import type { Host } from "#capture/scenario/office.ts";
import type { Site } from "#capture/scenario/outside.ts";
import type { Process } from "#capture/scenario/scheduler.ts";
import type { World } from "#capture/scenario/world.ts";

const bytes = 9_000_000;
const chunk = 65_536;
const every = 1_200_000_000;

export default defineActor({
  name: "download",
  summary: "Somebody fetches an installer over plain HTTP: a redirect, then a large body as fast as the line goes.",
  label: "ordinary",
  isLasting: true,
  *start(world, random) {
    yield world.wait(82 + random.between(0, 12));
    for (
      let client = random.pick(world.office.workstations);
      world.open;
      client = yield* nextOf(world, random, world.office.workstations, every)
    )
      yield* fetchInstaller(world, random, client);
  },
});

function* fetchInstaller(world: World, random: Random, client: Host): Process {
  const [site] = world.outside.of("download") as [Site];
  yield* lookUp(world, random, client, site.name);
  const tcp = world.connect(client, site.host, 80);
  const request = { method: "GET", host: site.name, userAgent: service.userAgent };
  yield* tcp.open();
  yield* tcp.send(Side.client, httpRequest({ ...request, path: "/latest" }));
  yield* tcp.send(Side.server, httpResponse({ status: 302, fields: [["Location", `http://${site.name}/office-suite-4.2.bin`]] }));
  yield* tcp.send(Side.client, httpRequest({ ...request, path: "/office-suite-4.2.bin" }));
  const head = `HTTP/1.1 200 OK\r\nServer: files/1.0\r\nContent-Type: application/octet-stream\r\nContent-Length: ${bytes}\r\n\r\n`;
  yield* tcp.send(
    Side.server,
    Uint8Array.from(head, (letter) => letter.charCodeAt(0)),
  );
  for (let sent = 0; sent < bytes; sent += chunk) yield* tcp.send(Side.server, world.noise.bytes(random, Math.min(chunk, bytes - sent)));
  yield* tcp.pause(200_000);
  yield* tcp.close();
}
