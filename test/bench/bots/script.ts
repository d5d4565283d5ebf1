import type { Random } from "#base/random.ts";
import { choose, type Decision, drawPerson, opcodeCount, type Person, personDecisions } from "./person.ts";

/** The ladder of disguises, from none to somebody who has read how the scorer works. */
export const disguises = [
  "none",
  "uniform ±50 %",
  "Gaussian 30 %",
  "log-normal σ 0.5",
  "log-normal of people",
  "bootstrapped people",
  "replay ±30 %",
  "bootstrap + grammar",
  "adaptive mimic",
] as const;
export type Disguise = (typeof disguises)[number];

/** Decisions of a script of one account: what it does, how it waits and where it walks are drawn for the account. */
export function scriptDecisions(random: Random, disguise: Disguise, count: number): Decision[] {
  if (disguise === "adaptive mimic") return mimic(random, count);
  const recorded = personDecisions(random.fork("recorded"), drawPerson(random.fork("person")), 600);
  const gaps = recorded.map((decision, i) => decision.time - (recorded[i - 1]?.time ?? 0)).slice(1);
  if (disguise === "replay ±30 %") return replay(random, recorded, gaps, count);
  const wait = waiting(random, disguise, gaps);
  const next = disguise === "bootstrap + grammar" ? grammar(random, recorded) : cycle(random);
  const path = loop(random);
  const delay = random.unit() * 0.3;
  let time = random.unit() * 3;
  return Array.from({ length: count }, (_, i) => {
    const step = next(i);
    time += Math.max(0.02, wait(step.seconds));
    const [x, y] = path(i);
    return { time, opcode: step.opcode, x, y, setOff: delay };
  });
}

function waiting(random: Random, disguise: Disguise, gaps: readonly number[]): (seconds: number) => number {
  const logs = gaps.map((gap) => Math.log(gap));
  const mean = logs.reduce((sum, value) => sum + value, 0) / logs.length;
  const deviation = Math.sqrt(logs.reduce((sum, value) => sum + (value - mean) ** 2, 0) / logs.length);
  switch (disguise) {
    case "uniform ±50 %":
      return (seconds) => seconds * (0.5 + random.unit());
    case "Gaussian 30 %":
      return (seconds) => seconds * Math.max(0.1, random.normal(1, 0.3));
    case "log-normal σ 0.5":
      return (seconds) => seconds * Math.exp(random.normal(0, 0.5));
    case "log-normal of people":
      return () => Math.exp(random.normal(mean, deviation));
    case "bootstrapped people":
    case "bootstrap + grammar":
      return () => random.pick(gaps);
    default:
      return (seconds) => seconds;
  }
}

/** A fixed cycle of actions with fixed waits, left now and then for an action at random. */
function cycle(random: Random): (i: number) => { opcode: number; seconds: number } {
  const base = 0.5 + random.unit() * 2;
  const own = random.chance(0.5);
  const steps = Array.from({ length: random.between(6, 21) }, () => ({
    opcode: random.between(0, opcodeCount),
    seconds: own ? base * (0.6 + random.unit() * 0.8) : base,
  }));
  const stray = random.unit() * 0.1;
  return (i) => {
    const step = steps[i % steps.length] as { opcode: number; seconds: number };
    return random.chance(stray) ? { opcode: random.between(0, opcodeCount), seconds: step.seconds } : step;
  };
}

/** Actions drawn by the transitions that a recorded person made. */
function grammar(random: Random, recorded: readonly Decision[]): () => { opcode: number; seconds: number } {
  const counts = Array.from({ length: opcodeCount }, () => Array.from({ length: opcodeCount }, () => 0.01));
  for (let i = 1; i < recorded.length; i++) {
    const row = counts[(recorded[i - 1] as Decision).opcode] as number[];
    const opcode = (recorded[i] as Decision).opcode;
    row[opcode] = (row[opcode] as number) + 1;
  }
  const shares = counts.map((row) => {
    const sum = row.reduce((total, count) => total + count, 0);
    return row.map((count) => count / sum);
  });
  let opcode = 0;
  return () => {
    opcode = choose(random, shares[opcode] as number[]);
    return { opcode, seconds: 1 };
  };
}

/** Sixty actions of a person (40 to 90), played again and again with ±30 % noise on each wait. */
function replay(random: Random, recorded: readonly Decision[], gaps: readonly number[], count: number): Decision[] {
  const length = random.between(40, 91);
  const from = random.between(1, recorded.length - length);
  let time = random.unit() * 3;
  return Array.from({ length: count }, (_, i) => {
    const at = from + (i % length);
    time += (gaps[at - 1] as number) * (0.7 + random.unit() * 0.6);
    const { opcode, x, y, setOff } = recorded[at] as Decision;
    return { time, opcode, x: x + random.normal(0, 0.3), y: y + random.normal(0, 0.3), setOff };
  });
}

/**
 * Somebody who knows the method: states, long memory and grammar as people have them, from the average of a few
 * recorded people. What it lacks is what the averaging loses: paces of single actions and own rotations.
 */
function mimic(random: Random, count: number): Decision[] {
  const people = Array.from({ length: 3 }, (_, i) => drawPerson(random.fork(`person ${i}`)));
  const first = people[0] as Person;
  return personDecisions(random, { ...first, hurst: 0.7, places: people.flatMap((person) => person.places) }, count, true);
}

/** A closed path of way points, met to within the arrival radius of the game. */
function loop(random: Random): (i: number) => readonly [number, number] {
  const points = Array.from({ length: random.between(6, 25) }, () => [random.unit() * 400, random.unit() * 400] as const);
  const radius = 0.2 + random.unit();
  return (i) => {
    const [x, y] = points[i % points.length] as readonly [number, number];
    return [x + random.normal(0, radius), y + random.normal(0, radius)];
  };
}
