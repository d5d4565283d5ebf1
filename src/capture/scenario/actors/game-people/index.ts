import { defineActor } from "#capture/scenario/actor.ts";
import { Person } from "#capture/scenario/lantern/person.ts";
import { playLantern } from "#capture/scenario/lantern/play.ts";

const names = ["Ada", "Brahms", "Cleo", "Dunja", "Egon", "Frida", "Goya", "Hedda", "Ibsen", "Juno"];
/** They stay until shortly before the round's end. */
const leaveBefore = 12_000_000;

export default defineActor({
  name: "game-people",
  summary: "Ten people play Lantern on the office's server: they fight, wander, gather and talk, with pauses.",
  label: "ordinary",
  *start(world, random) {
    for (const [i, name] of names.entries()) {
      const own = random.fork(name);
      const client = world.outside.host(`198.51.100.${210 + i}`);
      const character = { account: 7000 + i, player: 300 + i, name, level: 5 + i * 3, rate: 1 };
      const until = world.until - leaveBefore - own.between(0, 10_000_000);
      world.spawn(playLantern(world, own, client, character, new Person(own.fork("mind")), until), own.between(500_000, 8_000_000));
    }
    yield 0;
  },
});
