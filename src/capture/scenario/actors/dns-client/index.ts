import type { Random } from "#base/random.ts";
import { defineActor } from "#capture/scenario/actor.ts";
import { RecordType } from "#capture/scenario/content/dns.ts";
import { ask } from "#capture/scenario/habits/look-up.ts";
import type { Host } from "#capture/scenario/office.ts";
import type { Process } from "#capture/scenario/scheduler.ts";
import type { World } from "#capture/scenario/world.ts";

/** Names that do not exist: a forgotten proxy setting, a typing error, a machine that was switched off. */
const missing = [
  "wpad.office.test",
  "old-files.office.test",
  "isatap.office.test",
  "www.exmaple.example.org",
  "printer-2.office.test",
  "ntp.internal",
];

export default defineActor({
  name: "dns-client",
  summary: "What machines ask in the background: names in the office, addresses backwards, mail records, names that do not exist.",
  label: "ordinary",
  isLasting: true,
  *start(world, random) {
    for (const client of [...world.office.workstations, ...world.office.phones])
      world.spawn(wonder(world, random, client), random.between(0, 4_000_000));
    yield 0;
  },
});

function* wonder(world: World, random: Random, client: Host): Process {
  while (world.open) {
    const [name, type] = question(world, random);
    yield* ask(world, random, client, name, type, random.chance(0.3) ? 1232 : 0);
    yield random.exponential(world.hours.away(client, world.now) > 0 ? 60_000_000 : 5_000_000);
  }
}

function question(world: World, random: Random): readonly [string, RecordType] {
  const kind = random.unit();
  if (kind < 0.3)
    return [
      random.pick(["files.office.test", "printer.office.test", "shop.office.test"]),
      random.chance(0.5) ? RecordType.a : RecordType.aaaa,
    ];
  if (kind < 0.42) return [random.pick(missing), random.chance(0.7) ? RecordType.a : RecordType.aaaa];
  if (kind < 0.5) return [`${random.between(1, 255)}.10.168.192.in-addr.arpa`, RecordType.ptr];
  if (kind < 0.54) return [random.pick(["example.com", "example.org"]), random.chance(0.5) ? RecordType.mx : RecordType.txt];
  if (kind < 0.58) return ["_ldap._tcp.office.test", RecordType.srv];
  return [random.pick(world.outside.sites).name, random.pick([RecordType.a, RecordType.a, RecordType.aaaa, RecordType.https])];
}
