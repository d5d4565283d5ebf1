import type { Random } from "#base/random.ts";
import { defineActor } from "#capture/scenario/actor.ts";
import { ByteWriter } from "#capture/scenario/content/byte-writer.ts";
import { writeIcmp } from "#capture/scenario/frames/datagram.ts";
import { Side } from "#capture/scenario/frames/endpoint.ts";
import { writeEthernet } from "#capture/scenario/frames/ip.ts";
import type { Host } from "#capture/scenario/office.ts";
import type { Process } from "#capture/scenario/scheduler.ts";
import type { World } from "#capture/scenario/world.ts";

const ARP = 0x0806;
const HOPS = 255;
const broadcast = new Uint8Array(6).fill(255);
const nobody = new Uint8Array(6);

export default defineActor({
  name: "neighbours",
  summary: "Machines find each other on the wire: ARP for IPv4, neighbour discovery for IPv6.",
  label: "ordinary",
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
      arp(world, host, target, 1);
      yield target.lag;
      arp(world, target, host, 2);
    }
    yield random.exponential(30_000_000);
  }
}

/** RFC 826: 1 asks everybody, 2 answers. */
function arp(world: World, from: Host, to: Host, operation: 1 | 2): void {
  const { frames } = world;
  const message = new ByteWriter(28).u16(1, 0x0800).u8(6, 4).u16(operation).bytes(from.mac).u32(from.ip4);
  message.bytes(operation === 1 ? nobody : to.mac).u32(to.ip4);
  const at = writeEthernet(frames, frames.open(), operation === 1 ? broadcast : to.mac, from.mac, from.vlan, ARP);
  frames.bytes.set(message.done(), at);
  frames.commit(at + message.length, world.trace(operation === 1 ? from : to, operation === 1 ? to : from), world.now);
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
