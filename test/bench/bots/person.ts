import type { Random } from "#base/random.ts";

/** What somebody decided: when (seconds from the start), which opcode, and where they stood. */
export interface Decision {
  readonly time: number;
  readonly opcode: number;
  readonly x: number;
  readonly y: number;
  /** When they set off to get there: share of the time since the decision before. */
  readonly setOff: number;
}

/** Opcodes that people and scripts choose from; Move and Ping are made by the client and not decided. */
export const opcodeCount = 14;
const states = ["fight", "travel", "menu", "idle"] as const;

interface State {
  /** Mean of ln(seconds) between two actions. */
  readonly logMean: number;
  readonly logDeviation: number;
  /** Mean actions until the state changes. */
  readonly length: number;
  /** Chance of each next state. */
  readonly next: readonly number[];
  /** Chance of the next opcode, by the one before. */
  readonly grammar: readonly (readonly number[])[];
}

/** One person's habits: every number is drawn for the account. */
export interface Person {
  readonly states: readonly State[];
  /** Some opcodes take longer than others: added to ln(seconds). */
  readonly opcodePace: readonly number[];
  /** Skills in the order that the person likes, and how often they stray from it. */
  readonly rotation: readonly number[];
  readonly rotationChance: number;
  readonly stray: number;
  /** Hurst exponent of the timing's fluctuations. */
  readonly hurst: number;
  /** Chance of a break with a Pareto(1.5) length above 10 s. */
  readonly breakChance: number;
  readonly places: readonly (readonly [number, number])[];
  readonly aim: number;
}

/** Draws an account. Centres follow published and measured figures of people's actions (docs/bots.md). */
export function drawPerson(random: Random): Person {
  const grinder = random.chance(0.25);
  const base = random.normal(0, 0.3);
  const state = (index: number, mean: number, deviation: number, length: number): State => ({
    logMean: mean + base + random.normal(0, 0.2),
    logDeviation: Math.max(0.35, random.normal(deviation, 0.12)),
    length: length * Math.exp(random.normal(0, 0.4)) * (grinder && index === 0 ? 4 : 1),
    next: drawShares(random, states.length, grinder ? 1 : 2),
    grammar: Array.from({ length: opcodeCount }, () => drawShares(random, opcodeCount, 0.25, index)),
  });
  return {
    states: [state(0, 0, 0.9, 25), state(1, 0.6, 1.1, 10), state(2, 0.3, 1.1, 8), state(3, 1.2, 1.2, 4)],
    opcodePace: Array.from({ length: opcodeCount }, () => random.normal(0, 0.4)),
    rotation: Array.from({ length: random.between(2, 6) }, () => random.between(0, 6)),
    rotationChance: random.unit() * 0.8,
    stray: 0.04 + random.unit() * 0.3,
    hurst: 0.5 + random.unit() * 0.25,
    breakChance: 0.01 + random.unit() * 0.03,
    places: Array.from({ length: random.between(4, 12) }, () => [random.unit() * 400, random.unit() * 400] as const),
    aim: 2 + random.unit() * 8,
  };
}

/** The first `count` actions of a session of a person. */
export function personDecisions(random: Random, person: Person, count: number, plain = false): Decision[] {
  const noise = fractionalNoise(random, count, person.hurst);
  const walker = new Walker(random, person);
  const decisions: Decision[] = [];
  let [time, state, left, opcode, rotation] = [random.unit() * 3, 0, 5, 0, -1];
  for (let i = 0; i < count; i++) {
    if (--left <= 0) {
      state = choose(random, (person.states[state] as State).next);
      left = 1 + random.exponential((person.states[state] as State).length);
    }
    const now = person.states[state] as State;
    if (rotation >= 0 && (random.chance(person.stray) || rotation >= person.rotation.length)) rotation = -1;
    if (!plain && rotation < 0 && state === 0 && random.chance(person.rotationChance)) rotation = 0;
    opcode = rotation >= 0 ? (person.rotation[rotation++] as number) : choose(random, now.grammar[opcode] as readonly number[]);
    const pace = plain ? 0 : (person.opcodePace[opcode] as number) * 0.8;
    let gap = Math.max(0.09, Math.exp(now.logMean + pace + now.logDeviation * (noise[i] as number)));
    if (random.chance(person.breakChance)) gap += 10 * (1 - random.unit()) ** (-1 / 1.5);
    time += gap;
    const [x, y] = walker.step(gap, state === 1);
    decisions.push({ time, opcode, x, y, setOff: random.unit() * 0.7 });
  }
  return decisions;
}

/** Walks between favourite places, arriving near them, never twice at the same spot. */
class Walker {
  readonly #random: Random;
  readonly #person: Person;
  #x = 200;
  #y = 200;

  constructor(random: Random, person: Person) {
    this.#random = random;
    this.#person = person;
  }

  step(seconds: number, travels: boolean): readonly [number, number] {
    const { places, aim } = this.#person;
    if (travels) {
      const [x, y] = this.#random.pick(places);
      const share = Math.min(1, (seconds * 6) / Math.max(1, Math.hypot(x - this.#x, y - this.#y)));
      this.#x += (x - this.#x) * share + this.#random.normal(0, aim);
      this.#y += (y - this.#y) * share + this.#random.normal(0, aim);
    } else if (this.#random.chance(0.3)) {
      this.#x += this.#random.normal(0, aim);
      this.#y += this.#random.normal(0, aim);
    }
    return [this.#x, this.#y];
  }
}

/** Shares that sum to 1; the smaller `evenness`, the more one of them prevails. Each state prefers its own opcodes. */
function drawShares(random: Random, count: number, evenness: number, home = -1): number[] {
  const raw = Array.from({ length: count }, (_, i) => {
    const own = home < 0 || Math.floor((i / count) * states.length) === home ? 1 : 0.12;
    return own * random.exponential(1) ** (1 / evenness) + 1e-3;
  });
  const sum = raw.reduce((total, share) => total + share, 0);
  return raw.map((share) => share / sum);
}

export function choose(random: Random, shares: readonly number[]): number {
  let rest = random.unit();
  for (let i = 0; i < shares.length; i++) {
    rest -= shares[i] as number;
    if (rest < 0) return i;
  }
  return shares.length - 1;
}

/** Fractional Gaussian noise of unit variance, by the midpoint-free sum of AR(1) processes at octave-spaced scales. */
export function fractionalNoise(random: Random, count: number, hurst: number): Float64Array {
  const scales = [1, 4, 16, 64, 256];
  const weights = scales.map((scale) => scale ** (hurst - 1));
  const norm = Math.sqrt(weights.reduce((sum, weight) => sum + weight * weight, 0));
  const values = scales.map(() => random.normal(0, 1));
  return Float64Array.from({ length: count }, () => {
    let sum = 0;
    for (let s = 0; s < scales.length; s++) {
      const keep = s === 0 ? 0 : Math.exp(-1 / (scales[s] as number));
      values[s] = keep * (values[s] as number) + Math.sqrt(1 - keep * keep) * random.normal(0, 1);
      sum += (weights[s] as number) * (values[s] as number);
    }
    return sum / norm;
  });
}
