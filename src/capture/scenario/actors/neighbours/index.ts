import type { Random } from "#base/random.ts";
import { defineActor } from "#capture/scenario/actor.ts";
import { ByteWriter } from "#capture/scenario/content/byte-writer.ts";
import { writeArp } from "#capture/scenario/frames/arp.ts";
import { writeIcmp } from "#capture/scenario/frames/datagram.ts";
import { Side } from "#capture/scenario/frames/endpoint.ts";
import type { Host } from "#capture/scenario/office.ts";
import type { Process } from "#capture/scenario/scheduler.ts";
import type { World } from "#capture/scenario/world.ts";

const HOPS = 255;

export default defineActor({
  name: "neighbours",
  summary: "Machines find each other on the wire: ARP for IPv4, neighbour discovery for IPv6.",
  label: "ordinary",
  isLasting: true,
  *start(world, random) {
    const { workstations, phones, gateway, files, web, backup, printer, admin, cameras, recorder } = world.office;
    const servers = [gateway, files, web, backup, printer];
    for (const host of [...workstations, ...phones, admin, ...servers])
      world.spawn(
        ask(
          world,
          random,
          host,
          servers.filter((server) => server !== host),
        ),
        random.exponential(10_000_000),
      );
    for (const camera of cameras) world.spawn(ask(world, random, camera, [recorder]), random.exponential(20_000_000));
    yield 0;
  },
});

function* ask(world: World, random: Random, host: Host, others: readonly Host[]): Process {
  while (world.open) {
    const target = random.pick(others);
    if (host.vlan === 0 && host.ip6.length > 0 && random.chance(0.35)) {
      solicit(world, host, target);
      yield target.lag;
      advertise(world, host, target);
    } else {
      const trace = world.trace(host, target);
      world.frames.commit(writeArp(world.frames, host, target, "question"), trace, world.now);
      yield target.lag;
      world.frames.commit(writeArp(world.frames, target, host, "answer"), trace, world.now);
    }
    yield random.exponential(30_000_000);
  }
}

/** RFC 4861 4.3, to the group of all who might have the address. */
function solicit(world: World, from: Host, to: Host): void {
  const low = (to.ip6[3] as number) & 0xff_ffff;
  const group: Host = {
    ...to,
    ip6: [0xff02_0000, 0, 1, (0xff00_0000 | low) >>> 0],
    mac: Uint8Array.of(0x33, 0x33, 0xff, low >> 16, (low >> 8) & 255, low & 255),
  };
  const message = new ByteWriter(32)
    .u8(135, 0)
    .u16(0)
    .u32(0, ...to.ip6)
    .u8(1, 1)
    .bytes(from.mac)
    .done();
  const end = writeIcmp(world.frames, { ends: [from, group], version: 6 }, Side.client, message, HOPS);
  world.frames.commit(end, world.trace(from, to, 6), world.now);
}

/** RFC 4861 4.4, solicited and overriding. */
function advertise(world: World, asker: Host, from: Host): void {
  const message = new ByteWriter(32)
    .u8(136, 0)
    .u16(0)
    .u32(0x6000_0000, ...from.ip6)
    .u8(2, 1)
    .bytes(from.mac)
    .done();
  const end = writeIcmp(world.frames, { ends: [asker, from], version: 6 }, Side.server, message, HOPS);
  world.frames.commit(end, world.trace(asker, from, 6), world.now);
}
