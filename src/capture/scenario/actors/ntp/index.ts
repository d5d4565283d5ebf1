import type { Random } from "#base/random.ts";
import { defineActor } from "#capture/scenario/actor.ts";
import { ByteWriter } from "#capture/scenario/content/byte-writer.ts";
import { Side } from "#capture/scenario/frames/endpoint.ts";
import type { Host } from "#capture/scenario/office.ts";
import type { Process } from "#capture/scenario/scheduler.ts";
import type { World } from "#capture/scenario/world.ts";

const PORT = 123;
/** Exponents of 2 of the seconds between polls (RFC 5905 7.3). */
const pollMin = 6;
const pollMax = 10;
const pollsOfOneLength = 8;
/** Seconds from 1900 to 1970 (RFC 5905). */
const ERA = 2_208_988_800;

export default defineActor({
  name: "ntp",
  summary: "Machines ask the router for the time: about once a minute at first, and less and less often while their clocks are right.",
  label: "ordinary",
  isLasting: true,
  *start(world, random) {
    const { workstations, files, web, backup, printer } = world.office;
    for (const client of [...workstations, files, web, backup, printer])
      world.spawn(clock(world, random.fork(client.name), client), random.between(0, 64_000_000));
    yield 0;
  },
});

function* clock(world: World, random: Random, client: Host): Process {
  for (let exponent = pollMin, polls = 1; world.open; polls++) {
    const flow = world.datagrams(client, world.office.gateway, PORT, { clientPort: PORT });
    const sent = world.now;
    flow.send(Side.client, message(0x23, 0, 0, 0, sent));
    yield flow.lag(Side.server);
    flow.send(Side.server, message(0x24, 2, sent, world.now - 20, world.now));
    if (polls % pollsOfOneLength === 0) exponent = Math.min(pollMax, exponent + 1);
    yield 2 ** exponent * 1e6 + random.between(-500_000, 500_000);
  }
}

/** First byte: leap indicator 0, version 4, mode 3 (client) or 4 (server). */
function message(first: number, stratum: number, origin: number, received: number, sent: number): Uint8Array {
  const writer = new ByteWriter(48).u8(first, stratum, 6, 0xe9);
  writer.u32(stratum === 0 ? 0 : 0x0000_0132, stratum === 0 ? 0 : 0x0000_0210, stratum === 0 ? 0 : 0xc000_0201);
  for (const time of [stratum === 0 ? 0 : sent - 30_000_000, origin, received, sent]) stamp(writer, time);
  return writer.done();
}

function stamp(writer: ByteWriter, time: number): void {
  if (time === 0) writer.u32(0, 0);
  else writer.u32(Math.floor(time / 1e6) + ERA, Math.floor(((time % 1e6) / 1e6) * 2 ** 32));
}
