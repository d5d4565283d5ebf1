import { defineActor } from "#capture/scenario/actor.ts";
import { RecordType } from "#capture/scenario/content/dns.ts";
import { ask } from "#capture/scenario/habits/look-up.ts";
import type { Host } from "#capture/scenario/office.ts";

const letters = "abcdefghijklmnopqrstuvwxyz";
const names = 80;
/** A name of ten random letters or more below them belongs to nobody. */
const suffixes = ["com", "net", "org", "info"];

export default defineActor({
  name: "generated-names",
  summary: "A worm on a desk looks for its master under names that it makes up; none of them exists.",
  label: "attack",
  *start(world, random) {
    const client = world.office.workstations[13] as Host;
    yield world.wait(20);
    for (let i = 0; i < names; i++) {
      const label = Array.from({ length: random.between(10, 18) }, () => letters[random.between(0, letters.length)]).join("");
      yield* ask(world, random, client, `${label}.${random.pick(suffixes)}`, RecordType.a);
      yield random.exponential(120_000);
    }
  },
});
