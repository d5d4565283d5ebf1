import type { Random } from "#base/random.ts";
import { defineActor } from "#capture/scenario/actor.ts";
import { dnsAnswer, dnsQuery, RecordType, textData } from "#capture/scenario/content/dns.ts";
import { Side } from "#capture/scenario/frames/endpoint.ts";
import type { Host } from "#capture/scenario/office.ts";

/** A domain of its own, as a smuggler has: nobody else asks for names below it. */
const zone = "t.cdn-sync.example.edu";
const base32 = "abcdefghijklmnopqrstuvwxyz234567";
const base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

export default defineActor({
  name: "dns-tunnel",
  summary: "A desk smuggles data out in names under one domain, and gets its orders in TXT records.",
  label: "attack",
  *start(world, random) {
    const client = world.office.workstations[6] as Host;
    yield world.wait(60);
    for (let sequence = 0; world.now < world.from + 180e6; sequence++) {
      const id = random.between(0, 65_536);
      const flow = world.datagrams(client, world.office.gateway, 53);
      const name = `${letters(random, base32, random.between(36, 60))}.${letters(random, base32, random.between(20, 60))}.${sequence.toString(16)}.${zone}`;
      flow.send(Side.client, dnsQuery(id, name, RecordType.txt, 1232));
      yield random.between(18_000, 60_000);
      const data = textData([letters(random, base64, random.between(40, 220))]);
      flow.send(Side.server, dnsAnswer(id, name, RecordType.txt, [{ name, type: RecordType.txt, ttl: 1, data }]));
      yield random.exponential(random.chance(0.1) ? 2_000_000 : 180_000);
    }
  },
});

const letters = (random: Random, alphabet: string, count: number): string =>
  Array.from({ length: count }, () => alphabet[random.between(0, alphabet.length)]).join("");
