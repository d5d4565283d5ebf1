import { ipv4Text } from "#base/address.ts";
import type { Random } from "#base/random.ts";
import { defineActor } from "#capture/scenario/actor.ts";
import { Side } from "#capture/scenario/frames/endpoint.ts";
import type { Host } from "#capture/scenario/office.ts";
import type { Process } from "#capture/scenario/scheduler.ts";
import type { World } from "#capture/scenario/world.ts";

const usualPorts = [
  21, 22, 23, 25, 80, 110, 111, 135, 139, 143, 443, 445, 993, 995, 1433, 1723, 3306, 3389, 5432, 5900, 6379, 8080, 8443, 9200, 27_017,
];
const openPorts = new Set([22, 80, 443]);
const portsMax = 400;
const wantedPort = 445;

export default defineActor({
  name: "port-scan",
  summary: "A stranger knocks at many ports of the web server, then at one port of the whole network.",
  label: "attack",
  *start(world, random) {
    const scanner = world.outside.host("203.0.113.66", 22_000);
    yield world.wait(40);
    for (let i = 0; i < portsMax; i++) {
      world.spawn(probe(world, scanner, world.office.web, usualPorts[i] ?? random.between(1, 10_000), openPorts));
      yield random.between(8_000, 24_000);
    }
    yield 2_000_000;
    const { gateway, files, web, backup, printer, admin, workstations } = world.office;
    const present = new Map([gateway, files, web, backup, printer, admin, ...workstations].map((host) => [host.ip4, host]));
    for (let number = 1; number < 255; number++) {
      const address = ipv4Text(0xc0a8_0a00 + number);
      const host = present.get(0xc0a8_0a00 + number);
      if (host === undefined) unanswered(world, random, scanner, address);
      else world.spawn(probe(world, scanner, host, wantedPort, new Set(host === files ? [wantedPort] : [])));
      yield random.between(10_000, 40_000);
    }
  },
});

/** A half-open scan: an open port's SYN/ACK is answered with a reset. */
function* probe(world: World, scanner: Host, target: Host, port: number, open: ReadonlySet<number>): Process {
  const tcp = world.connect(scanner, target, port);
  if (!open.has(port)) {
    yield* tcp.refused();
    return;
  }
  tcp.knock();
  yield target.lag;
  tcp.accept();
  yield scanner.lag;
  tcp.reset(Side.client);
}

function unanswered(world: World, random: Random, scanner: Host, address: string): void {
  const nobody: Host = { ...world.outside.host(address, 1_000), mac: Uint8Array.from([0x02, 0x0d, 0x60, random.between(0, 256), 0, 1]) };
  world.connect(scanner, nobody, wantedPort).knock();
}
