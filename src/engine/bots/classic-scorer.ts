import type { BotConfig, ClassicConfig } from "./bot-config.ts";
import type { BotScorer } from "./bot-scorer.ts";
import { PlayerNumbers, places, sections, welford } from "./player-numbers.ts";
import type { Evidence, Verdict, VerdictPart } from "./verdict.ts";

/** Opcodes of one player that are told apart; rarer ones behind that share one slot. */
const opcodeSlotsMax = 32;
// Row of an opcode; behind its count stands the time to the next opcode: mean, squared differences, number.
const OPCODE = 0;
const COUNT = 1;
const MEAN = 2;
const SQUARES = 3;
const FOLLOWED = 4;
const ROW = 5;
// What every player has. Behind the numbers of gaps and of steps stand their mean and their sum of squared differences.
const GAPS = places.classic;
const STEPS = places.classic + 3;
const LAST_TIME = places.classic + 6;
const LAST_X = places.classic + 7;
const LAST_Y = places.classic + 8;
const pairMinimum = 5;

/**
 * Four weighted heuristics over all packets of a player: the gaps between packets, the steps of movement, the repertoire
 * of opcodes and the time from one opcode to the next. Simple to explain, and easily fooled in both directions: gaps
 * between raw packets measure the client's tick, and a little jitter hides a script. The rhythm scorer answers that.
 */
export class ClassicScorer implements BotScorer {
  readonly #config: ClassicConfig;
  readonly #ignored: ReadonlySet<number>;
  readonly #numbers: PlayerNumbers;
  #packets = 0;
  #lastSlot = -1;
  #named = 0;

  /** `ignored` are the configuration's ignored opcodes as a set, shared by all players. */
  constructor(config: BotConfig, ignored: ReadonlySet<number> = new Set(config.ignoredOpcodes), numbers = new PlayerNumbers()) {
    this.#config = config.classic;
    this.#ignored = ignored;
    this.#numbers = numbers;
    numbers.all.fill(Number.NaN, LAST_TIME, LAST_Y + 1);
  }

  action(time: number, opcode: number, _size: number, direction: 0 | 1, fields?: Float64Array): void {
    if (direction === 1 || this.#ignored.has(opcode)) return;
    this.#packets += 1;
    const slot = this.#slot(opcode);
    const { all } = this.#numbers;
    const at = this.#numbers.from(sections.classic) + slot * ROW;
    all[at + COUNT] = (all[at + COUNT] as number) + 1;
    if (opcode >= 0) this.#named += 1;
    const last = all[LAST_TIME] as number;
    if (!Number.isNaN(last)) {
      const gap = (time - last) / 1000;
      add(all, GAPS, gap);
      if (this.#lastSlot !== slot) this.#follow(this.#lastSlot, gap);
    }
    if (fields !== undefined && fields.length >= 2) this.#move(fields);
    all[LAST_TIME] = time;
    this.#lastSlot = slot;
  }

  serverEvent(): void {}

  roundTrip(): void {}

  returns(): void {
    this.#numbers.all[LAST_TIME] = Number.NaN;
    this.#numbers.all[LAST_X] = Number.NaN;
  }

  verdict(): Verdict {
    const { classic, parts, missing } = { classic: this.#config, parts: this.#parts(), missing: this.#missing() };
    const weightSum = Object.values(classic.weights).reduce((sum, weight) => sum + weight, 0);
    const score = weightSum === 0 ? 0 : parts.reduce((sum, part) => sum + part.value, 0) / weightSum;
    const enough = this.#packets >= classic.actionsMin && this.#isNamed;
    return {
      scorer: "classic",
      says: !enough ? "undecided" : score >= classic.botScore ? "bot" : score < classic.humanScore ? "human" : "undecided",
      score,
      actions: this.#packets,
      actionsMin: classic.actionsMin,
      packets: this.#packets,
      coverage: this.#isNamed ? "opcodes" : "packets",
      missing,
      parts,
      evidence: parts.filter((part) => part.value > 0).map(evidenceOf),
    };
  }

  signature(): undefined {}

  /** True when most packets have an opcode with a name. */
  get #isNamed(): boolean {
    return this.#named * 2 > this.#packets;
  }

  #parts(): VerdictPart[] {
    const { weights, interArrivalCv, regularityCv, opcodeEntropyBits, responseCv } = this.#config;
    const follow = this.#followVariation();
    const { all } = this.#numbers;
    return [
      weighed("inter-arrival", "gap-cv", variation(all, GAPS), interArrivalCv, weights.interArrival, (all[GAPS] as number) > 1),
      weighed("regularity", "step-cv", variation(all, STEPS), regularityCv, weights.regularity, (all[STEPS] as number) > 1),
      weighed("opcode-entropy", "entropy-bits", this.#entropy(), opcodeEntropyBits, weights.opcodeEntropy, this.#isNamed),
      weighed("response-consistency", "follow-cv", follow, responseCv, weights.responseConsistency, !Number.isNaN(follow)),
    ];
  }

  #missing(): string[] {
    const missing: string[] = [];
    if (!this.#isNamed) missing.push("no plugin names the opcodes: raw packets show the client's tick, not the player");
    if (this.#packets < this.#config.actionsMin) missing.push(`${this.#packets} of ${this.#config.actionsMin} packets`);
    if ((this.#numbers.all[STEPS] as number) < 2) missing.push("no movement fields");
    return missing;
  }

  #slot(opcode: number): number {
    const { all } = this.#numbers;
    const from = this.#numbers.from(sections.classic);
    const used = this.#used;
    for (let slot = 0; slot < used; slot++) if (all[from + slot * ROW + OPCODE] === opcode) return slot;
    if (used >= opcodeSlotsMax) return (Math.imul(opcode, 0x9e3779b1) >>> 27) & (opcodeSlotsMax - 1);
    const at = this.#numbers.grow(sections.classic, ROW);
    this.#numbers.all[at + OPCODE] = opcode;
    return used;
  }

  get #used(): number {
    return this.#numbers.room(sections.classic) / ROW;
  }

  #follow(slot: number, gap: number): void {
    const { all } = this.#numbers;
    const at = this.#numbers.from(sections.classic) + slot * ROW;
    const count = (all[at + FOLLOWED] as number) + 1;
    all[at + FOLLOWED] = count;
    welford(all, at + MEAN, count, gap);
  }

  #move(fields: Float64Array): void {
    const { all } = this.#numbers;
    const x = fields[0] as number;
    const y = fields[1] as number;
    const lastX = all[LAST_X] as number;
    if (!Number.isNaN(lastX) && !Number.isNaN(x)) {
      const step = Math.hypot(x - lastX, y - (all[LAST_Y] as number));
      if (step > 0 && Number.isFinite(step)) add(all, STEPS, step);
    }
    all[LAST_X] = x;
    all[LAST_Y] = y;
  }

  #entropy(): number {
    const { all } = this.#numbers;
    const from = this.#numbers.from(sections.classic);
    let bits = 0;
    for (let slot = 0; slot < this.#used; slot++) {
      const share = (all[from + slot * ROW + COUNT] as number) / this.#packets;
      bits -= share * Math.log2(share);
    }
    return bits;
  }

  /** Mean CV of the time to the next opcode, over opcodes seen often enough; NaN when there is none. */
  #followVariation(): number {
    const { all } = this.#numbers;
    let sum = 0;
    let weight = 0;
    for (let slot = 0; slot < this.#used; slot++) {
      const at = this.#numbers.from(sections.classic) + slot * ROW;
      const count = all[at + FOLLOWED] as number;
      const mean = all[at + MEAN] as number;
      if (count < pairMinimum || mean <= 0) continue;
      sum += (count * Math.sqrt((all[at + SQUARES] as number) / (count - 1))) / mean;
      weight += count;
    }
    return weight === 0 ? Number.NaN : sum / weight;
  }
}

/** One more value of those whose number stands at `at`. */
function add(all: Float64Array, at: number, value: number): void {
  const count = (all[at] as number) + 1;
  all[at] = count;
  welford(all, at + 1, count, value);
}

/** Deviation divided by mean; 0 below two values and where the mean is 0. */
function variation(all: Float64Array, at: number): number {
  const [count, mean, squares] = [all[at] as number, all[at + 1] as number, all[at + 2] as number];
  return count < 2 || mean === 0 ? 0 : Math.sqrt(squares / (count - 1)) / Math.abs(mean);
}

/** Falls linearly from the whole weight at 0 to nothing at the limit. */
function weighed(name: string, feature: string, value: number, limit: number, weight: number, known: boolean): VerdictPart {
  return { name, value: known ? weight * Math.max(0, 1 - value / limit) : 0, features: [{ name: feature, value }] };
}

function evidenceOf(part: VerdictPart): Evidence {
  const feature = part.features[0];
  return {
    kind: "text",
    text: `${part.name}: ${feature?.name} is ${feature?.value.toFixed(3)}, which adds ${part.value.toFixed(2)} to the score`,
  };
}
