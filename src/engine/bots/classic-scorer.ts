import { Moments } from "#engine/stats/moments.ts";
import type { BotConfig, ClassicConfig } from "./bot-config.ts";
import type { BotScorer } from "./bot-scorer.ts";
import type { Evidence, Verdict, VerdictPart } from "./verdict.ts";

/** Opcodes of one player that are told apart; rarer ones behind that share one slot. */
const opcodeSlotsMax = 32;
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
  readonly #opcodes = new Int32Array(opcodeSlotsMax).fill(-1);
  readonly #counts = new Uint32Array(opcodeSlotsMax);
  /** Time to the next opcode, by the slot of the opcode that stands before. */
  readonly #followMean = new Float64Array(opcodeSlotsMax);
  readonly #followSquares = new Float64Array(opcodeSlotsMax);
  readonly #followCount = new Uint32Array(opcodeSlotsMax);
  #packets = 0;
  #lastTime = Number.NaN;
  #lastSlot = -1;
  #lastX = Number.NaN;
  #lastY = Number.NaN;
  #named = false;

  constructor(config: BotConfig) {
    this.#config = config.classic;
    this.#ignored = new Set(config.ignoredOpcodes);
  }

  action(time: number, opcode: number, _size: number, direction: 0 | 1, fields?: Float64Array): void {
    if (direction === 1 || this.#ignored.has(opcode)) return;
    this.#packets += 1;
    const slot = this.#slot(opcode);
    this.#counts[slot] = (this.#counts[slot] as number) + 1;
    if (opcode >= 0) this.#named = true;
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

  verdict(): Verdict {
    const { classic, parts, missing } = { classic: this.#config, parts: this.#parts(), missing: this.#missing() };
    const weightSum = Object.values(classic.weights).reduce((sum, weight) => sum + weight, 0);
    const score = weightSum === 0 ? 0 : parts.reduce((sum, part) => sum + part.value, 0) / weightSum;
    const enough = this.#packets >= classic.actionsMin && this.#named;
    return {
      scorer: "classic",
      says: !enough ? "undecided" : score >= classic.botScore ? "bot" : score < classic.humanScore ? "human" : "undecided",
      score,
      actions: this.#packets,
      actionsMin: classic.actionsMin,
      packets: this.#packets,
      coverage: this.#named ? "opcodes" : "packets",
      missing,
      parts,
      evidence: parts.filter((part) => part.value > 0).map(evidenceOf),
    };
  }

  signature(): undefined {}

  #parts(): VerdictPart[] {
    const { weights, interArrivalCv, regularityCv, opcodeEntropyBits, responseCv } = this.#config;
    const follow = this.#followVariation();
    return [
      weighed("inter-arrival", "gap-cv", this.#gaps.variation, interArrivalCv, weights.interArrival, this.#gaps.count > 1),
      weighed("regularity", "step-cv", this.#steps.variation, regularityCv, weights.regularity, this.#steps.count > 1),
      weighed("opcode-entropy", "entropy-bits", this.#entropy(), opcodeEntropyBits, weights.opcodeEntropy, this.#named),
      weighed("response-consistency", "follow-cv", follow, responseCv, weights.responseConsistency, !Number.isNaN(follow)),
    ];
  }

  #missing(): string[] {
    const missing: string[] = [];
    if (!this.#named) missing.push("no plugin names the opcodes: raw packets show the client's tick, not the player");
    if (this.#packets < this.#config.actionsMin) missing.push(`${this.#packets} of ${this.#config.actionsMin} packets`);
    if (this.#steps.count < 2) missing.push("no movement fields");
    return missing;
  }

  #slot(opcode: number): number {
    let at = (Math.imul(opcode, 0x9e3779b1) >>> 27) & (opcodeSlotsMax - 1);
    for (let tries = 0; tries < opcodeSlotsMax; tries++) {
      if (this.#counts[at] === 0) this.#opcodes[at] = opcode;
      if (this.#opcodes[at] === opcode) return at;
      at = (at + 1) & (opcodeSlotsMax - 1);
    }
    return at;
  }

  #follow(slot: number, gap: number): void {
    const count = (this.#followCount[slot] as number) + 1;
    const delta = gap - (this.#followMean[slot] as number);
    const mean = (this.#followMean[slot] as number) + delta / count;
    this.#followCount[slot] = count;
    this.#followMean[slot] = mean;
    this.#followSquares[slot] = (this.#followSquares[slot] as number) + delta * (gap - mean);
  }

  #move(fields: Float64Array): void {
    const x = fields[0] as number;
    const y = fields[1] as number;
    if (!Number.isNaN(this.#lastX)) {
      const step = Math.hypot(x - this.#lastX, y - this.#lastY);
      if (step > 0 && Number.isFinite(step)) this.#steps.add(step);
    }
    this.#lastX = x;
    this.#lastY = y;
  }

  #entropy(): number {
    let bits = 0;
    for (const count of this.#counts) if (count > 0) bits -= (count / this.#packets) * Math.log2(count / this.#packets);
    return bits;
  }

  /** Mean CV of the time to the next opcode, over opcodes seen often enough; NaN when there is none. */
  #followVariation(): number {
    let sum = 0;
    let weight = 0;
    for (let slot = 0; slot < opcodeSlotsMax; slot++) {
      const count = this.#followCount[slot] as number;
      const mean = this.#followMean[slot] as number;
      if (count < pairMinimum || mean <= 0) continue;
      sum += (count * Math.sqrt((this.#followSquares[slot] as number) / (count - 1))) / mean;
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
