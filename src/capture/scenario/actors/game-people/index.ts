import type { Random } from "#base/random.ts";
import { defineActor } from "#capture/scenario/actor.ts";
import { humanPause } from "#capture/scenario/habits/pauses.ts";
import { Person } from "#capture/scenario/lantern/person.ts";
import { type Character, playLantern } from "#capture/scenario/lantern/play.ts";
import type { Host } from "#capture/scenario/office.ts";
import type { Process } from "#capture/scenario/scheduler.ts";
import type { World } from "#capture/scenario/world.ts";

const names = ["Ada", "Brahms", "Cleo", "Dunja", "Egon", "Frida", "Goya", "Hedda", "Ibsen", "Juno"];
/** The first time all stay for some minutes, µs; later as long as they like, on average. */
const firstStay = 278_000_000;
const laterStay = 900_000_000;
const breakBetween = 400_000_000;

export default defineActor({
  name: "game-people",
  summary: "Ten people play Lantern on the office's server: they fight, wander, gather and talk, with pauses.",
  label: "ordinary",
  isLasting: true,
  *start(world, random) {
    for (const [i, name] of names.entries()) {
      const own = random.fork(name);
      const client = world.outside.host(`198.51.100.${210 + i}`);
      const character = { account: 7000 + i, player: 300 + i, name, level: 5 + i * 3, rate: 1 };
      const stay = firstStay + own.between(0, 10_000_000);
      world.spawn(play(world, own, client, character, stay), own.between(500_000, 8_000_000));
    }
    yield 0;
  },
});

/** Session after session, with breaks between them, in which one may have gone to bed. */
function* play(world: World, own: Random, client: Host, character: Character, firstUntil: number): Process {
  const mind = new Person(own.fork("mind"));
  for (let until = world.from + firstUntil; world.open; until = world.now + humanPause(own, laterStay)) {
    yield* playLantern(world, own, client, character, mind, until);
    yield humanPause(own, breakBetween);
    while (!own.chance(world.hours.custom(world.now))) yield humanPause(own, laterStay);
  }
}
