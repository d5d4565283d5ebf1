import { Moments } from "#engine/stats/moments.ts";
import type { BotConfig, ClassicConfig } from "./bot-config.ts";
import type { BotScorer } from "./bot-scorer.ts";
import type { Evidence, Verdict, VerdictPart } from "./verdict.ts";

/** Opcodes of one player that are told apart; rarer ones behind that share one slot. */
const opcodeSlotsMax = 32;
/** Rows that are added when there is no more room: half as many as there are, at least these. */
const growthMin = 2;
// Row of an opcode; behind its count stands the time to the next opcode: mean, squared differences, number.
const OPCODE = 0;
const COUNT = 1;
const MEAN = 2;
const SQUARES = 3;
const FOLLOWED = 4;
const ROW = 5;
const none = new Float64Array(0);
const pairMinimum = 5;

/**
 * Four weighted heuristics over all packets of a player: the gaps between packets, the steps of movement, the repertoire
 * of opcodes and the time from one opcode to the next. Simple to explain, and easily fooled in both directions: gaps
 * between raw packets measure the client's tick, and a little jitter hides a script. The rhythm scorer answers that.
 */
export class ClassicScorer implements BotScorer {
  readonly #config: ClassicConfig;
  readonly #ignored: ReadonlySet<number>;
  readonly #gaps = new Moments();
  readonly #steps = new Moments();
  #rows = none;
  #used = 0;
  #packets = 0;
  #lastTime = Number.NaN;
  #lastSlot = -1;
  #lastX = Number.NaN;
  #lastY = Number.NaN;
  #named = 0;

  /** `ignored` are the configuration's ignored opcodes as a set, shared by all players. */
  constructor(config: BotConfig, ignored: ReadonlySet<number> = new Set(config.ignoredOpcodes)) {
    this.#config = config.classic;
    this.#ignored = ignored;
  }

  action(time: number, opcode: number, _size: number, direction: 0 | 1, fields?: Float64Array): void {
    if (direction === 1 || this.#ignored.has(opcode)) return;
    this.#packets += 1;
    const slot = this.#slot(opcode);
    this.#rows[slot * ROW + COUNT] = (this.#rows[slot * ROW + COUNT] as number) + 1;
    if (opcode >= 0) this.#named += 1;
    if (!Number.isNaN(this.#lastTime)) {
      const gap = (time - this.#lastTime) / 1000;
      this.#gaps.add(gap);
      if (this.#lastSlot !== slot) this.#follow(this.#lastSlot, gap);
    }
    if (fields !== undefined && fields.length >= 2) this.#move(fields);
    this.#lastTime = time;
    this.#lastSlot = slot;
  }

  serverEvent(): void {}

  roundTrip(): void {}

  returns(): void {
    this.#lastTime = Number.NaN;
    this.#lastX = Number.NaN;
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
    return [
      weighed("inter-arrival", "gap-cv", this.#gaps.variation, interArrivalCv, weights.interArrival, this.#gaps.count > 1),
      weighed("regularity", "step-cv", this.#steps.variation, regularityCv, weights.regularity, this.#steps.count > 1),
      weighed("opcode-entropy", "entropy-bits", this.#entropy(), opcodeEntropyBits, weights.opcodeEntropy, this.#isNamed),
      weighed("response-consistency", "follow-cv", follow, responseCv, weights.responseConsistency, !Number.isNaN(follow)),
    ];
  }

  #missing(): string[] {
    const missing: string[] = [];
    if (!this.#isNamed) missing.push("no plugin names the opcodes: raw packets show the client's tick, not the player");
    if (this.#packets < this.#config.actionsMin) missing.push(`${this.#packets} of ${this.#config.actionsMin} packets`);
    if (this.#steps.count < 2) missing.push("no movement fields");
    return missing;
  }

  #slot(opcode: number): number {
    for (let slot = 0; slot < this.#used; slot++) if (this.#rows[slot * ROW + OPCODE] === opcode) return slot;
    if (this.#used >= opcodeSlotsMax) return (Math.imul(opcode, 0x9e3779b1) >>> 27) & (opcodeSlotsMax - 1);
    const slot = this.#used++;
    if (this.#used * ROW > this.#rows.length) {
      const grown = new Float64Array(Math.min(opcodeSlotsMax, slot + Math.max(growthMin, slot >> 1)) * ROW);
      grown.set(this.#rows);
      this.#rows = grown;
    }
    this.#rows[slot * ROW + OPCODE] = opcode;
    return slot;
  }

  #follow(slot: number, gap: number): void {
    const rows = this.#rows;
    const at = slot * ROW;
    const count = (rows[at + FOLLOWED] as number) + 1;
    const delta = gap - (rows[at + MEAN] as number);
    const mean = (rows[at + MEAN] as number) + delta / count;
    rows[at + FOLLOWED] = count;
    rows[at + MEAN] = mean;
    rows[at + SQUARES] = (rows[at + SQUARES] as number) + delta * (gap - mean);
  }

  #move(fields: Float64Array): void {
    const x = fields[0] as number;
    const y = fields[1] as number;
    if (!Number.isNaN(this.#lastX) && !Number.isNaN(x)) {
      const step = Math.hypot(x - this.#lastX, y - this.#lastY);
      if (step > 0 && Number.isFinite(step)) this.#steps.add(step);
    }
    this.#lastX = x;
    this.#lastY = y;
  }

  #entropy(): number {
    let bits = 0;
    for (let slot = 0; slot < this.#used; slot++) {
      const share = (this.#rows[slot * ROW + COUNT] as number) / this.#packets;
      bits -= share * Math.log2(share);
    }
    return bits;
  }

  /** Mean CV of the time to the next opcode, over opcodes seen often enough; NaN when there is none. */
  #followVariation(): number {
    let sum = 0;
    let weight = 0;
    for (let slot = 0; slot < this.#used; slot++) {
      const count = this.#rows[slot * ROW + FOLLOWED] as number;
      const mean = this.#rows[slot * ROW + MEAN] as number;
      if (count < pairMinimum || mean <= 0) continue;
      sum += (count * Math.sqrt((this.#rows[slot * ROW + SQUARES] as number) / (count - 1))) / mean;
      weight += count;
    }
    return weight === 0 ? Number.NaN : sum / weight;
  }
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
