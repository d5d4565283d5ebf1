import type { Random } from "#base/random.ts";
import type { Host } from "#capture/scenario/office.ts";
import type { Process } from "#capture/scenario/scheduler.ts";
import type { World } from "#capture/scenario/world.ts";

/** Spread of people's pauses on a logarithmic scale: most are short, a few are long. */
const spread = 1.2;
/** Longest time that somebody who comes does other things first, µs. */
const settlingMax = 600e6;

/** A pause of people, µs: log-normal, with this mean. */
export const humanPause = (random: Random, mean: number): number => Math.exp(random.normal(Math.log(mean) - (spread * spread) / 2, spread));

/** Somebody at a machine pauses; when he has left meanwhile, until he is there again. */
export function* pauseAtWork(world: World, random: Random, client: Host, mean: number): Process {
  yield humanPause(random, mean);
  const away = world.hours.away(client, world.now);
  if (away > 0) yield away + random.exponential(settlingMax / 4);
}

/** Until the next of many people outside comes, who come every `mean` µs when most do: a Poisson process, thinned (Lewis and Shedler 1979). */
export function* pauseOfMany(world: World, random: Random, mean: number): Process {
  do yield random.exponential(mean);
  while (!random.chance(world.hours.custom(world.now)));
}

/** Until one of those who are there does a thing which all of them together do every `mean` µs; who does it. */
export function* nextOf(world: World, random: Random, people: readonly Host[], mean: number): Process<Host> {
  for (;;) {
    yield random.exponential(mean);
    const one = random.pick(people);
    if (world.hours.away(one, world.now) === 0) return one;
  }
}
