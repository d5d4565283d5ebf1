import type { Random } from "#base/random.ts";
import { defineActor } from "#capture/scenario/actor.ts";
import { ByteWriter } from "#capture/scenario/content/byte-writer.ts";
import { Side } from "#capture/scenario/frames/endpoint.ts";
import type { Host } from "#capture/scenario/office.ts";
import type { Process } from "#capture/scenario/scheduler.ts";
import type { World } from "#capture/scenario/world.ts";

const SERVER_PORT = 67;
const CLIENT_PORT = 68;
const leaseSeconds = 3_600;
const MAGIC = 0x6382_5363;
const Kind = { discover: 1, offer: 2, request: 3, acknowledge: 5 } as const;
const broadcastMac = new Uint8Array(6).fill(255);

export default defineActor({
  name: "dhcp",
  summary: "Machines ask for an address when they come, and renew it later (RFC 2131).",
  label: "ordinary",
  isLasting: true,
  *start(world, random) {
    for (const client of [...world.office.workstations, ...world.office.phones]) {
      world.spawn(hold(world, random, client, random.chance(0.25)), random.between(0, 280_000_000));
    }
    yield 0;
  },
});

/** Gets an address or has one, and renews it when half of its time is over (RFC 2131 4.4.5). */
function* hold(world: World, random: Random, client: Host, comes: boolean): Process {
  yield* comes ? arrive(world, random, client) : renew(world, random, client);
  while (world.open) {
    yield (leaseSeconds / 2) * 1e6 + random.between(-10_000_000, 10_000_000);
    yield* renew(world, random, client);
  }
}

function* arrive(world: World, random: Random, client: Host): Process {
  const { gateway } = world.office;
  const id = random.uint32();
  const everybody: Host = { ...gateway, mac: broadcastMac, ip4: 0xffff_ffff };
  const asking = world.datagrams({ ...client, ip4: 0 }, everybody, SERVER_PORT, { clientPort: CLIENT_PORT });
  const answering = world.datagrams(client, gateway, SERVER_PORT, { clientPort: CLIENT_PORT });
  asking.send(Side.client, message(world, client, id, Kind.discover));
  yield random.between(2_000, 30_000);
  answering.send(Side.server, message(world, client, id, Kind.offer));
  yield random.between(1_000, 20_000);
  asking.send(Side.client, message(world, client, id, Kind.request));
  yield random.between(1_000, 8_000);
  answering.send(Side.server, message(world, client, id, Kind.acknowledge));
}

function* renew(world: World, random: Random, client: Host): Process {
  const id = random.uint32();
  const flow = world.datagrams(client, world.office.gateway, SERVER_PORT, { clientPort: CLIENT_PORT });
  flow.send(Side.client, message(world, client, id, Kind.request, client.ip4));
  yield random.between(500, 5_000);
  flow.send(Side.server, message(world, client, id, Kind.acknowledge, client.ip4));
}

function message(world: World, client: Host, id: number, kind: number, known = 0): Uint8Array {
  const { gateway } = world.office;
  const reply = kind === Kind.offer || kind === Kind.acknowledge;
  const writer = new ByteWriter(320).u8(reply ? 2 : 1, 1, 6, 0).u32(id, 0, known, reply ? client.ip4 : 0, 0, 0);
  writer
    .bytes(client.mac)
    .bytes(new Uint8Array(10 + 64 + 128))
    .u32(MAGIC)
    .u8(53, 1, kind);
  if (reply)
    writer
      .u8(54, 4)
      .u32(gateway.ip4)
      .u8(51, 4)
      .u32(leaseSeconds)
      .u8(1, 4)
      .u32(0xffff_ff00)
      .u8(3, 4)
      .u32(gateway.ip4)
      .u8(6, 4)
      .u32(gateway.ip4);
  else {
    const name = client.name.split(".")[0] as string;
    if (kind === Kind.request && known === 0) writer.u8(50, 4).u32(client.ip4).u8(54, 4).u32(gateway.ip4);
    writer.u8(61, 7, 1).bytes(client.mac).u8(12, name.length).text(name).u8(55, 4, 1, 3, 6, 15);
  }
  writer.u8(255);
  return writer.bytes(new Uint8Array(Math.max(0, 300 - writer.length))).done();
}
