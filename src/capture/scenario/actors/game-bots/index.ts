import type { Random } from "#base/random.ts";
import { defineActor } from "#capture/scenario/actor.ts";
import type { Mind } from "#capture/scenario/lantern/mind.ts";
import { Person } from "#capture/scenario/lantern/person.ts";
import { playLantern } from "#capture/scenario/lantern/play.ts";
import { farmersMacro, Program, recorded } from "#capture/scenario/lantern/program.ts";

interface Bot {
  readonly name: string;
  /** How fast its client's clock runs. */
  readonly rate: number;
  readonly mind: (random: Random, steady: Random) => Mind;
}

/** Decisions of a person that are played again and again. */
const recordedDecisions = 60;
const leaveBefore = 12_000_000;

const bots: readonly Bot[] = [
  { name: "farmer-1", rate: 1, mind: (random) => new Program(random, farmersMacro, 0.2) },
  { name: "farmer-2", rate: 1, mind: (random) => new Program(random, farmersMacro, 0.2) },
  { name: "parrot", rate: 1, mind: (random, steady) => new Program(random, recorded(new Person(steady), recordedDecisions), 0.1) },
  { name: "hasty", rate: 1.4, mind: (random) => new Person(random) },
];

export default defineActor({
  name: "game-bots",
  summary: "Two accounts run one farming macro, one plays a recording of a person, and one plays with a client that runs too fast.",
  label: "attack",
  *start(world, random) {
    for (const [i, { name, rate, mind }] of bots.entries()) {
      const own = random.fork(name);
      const client = world.outside.host(`198.51.100.${230 + i}`);
      const character = { account: 7900 + i, player: 390 + i, name, level: 20, rate };
      const until = world.until - leaveBefore - own.between(0, 10_000_000);
      const process = playLantern(world, own, client, character, mind(own.fork("mind"), world.steady.fork(name)), until);
      world.spawn(process, own.between(500_000, 8_000_000));
    }
    yield 0;
  },
});
