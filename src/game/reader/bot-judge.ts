import { type AccountSignature, macroSimilarity, rhythmSimilarity } from "#engine/bots/account-signature.ts";
import type { BotConfig } from "#engine/bots/bot-config.ts";
import { type BotScorer, createBotScorers, rawOpcode } from "#engine/bots/bot-scorer.ts";
import { PlayerNumbers } from "#engine/bots/player-numbers.ts";
import type { Verdict } from "#engine/bots/verdict.ts";
import type { BotEvidence, BotVerdict, CreateScorer, Likeness, OpcodeNames, PlayerScorer } from "./player-scorer.ts";

/** Two programs with this share of common sequences run one macro … */
const macroSimilarityMin = 0.5;
/** … when their waits overlap by this share as well. */
const rhythmSimilarityMin = 0.7;

/** Makes the scorers of the players: the one that decides, and the four heuristics beside it. */
export function createPlayerScorers(config: BotConfig): CreateScorer {
  const decides = createBotScorers(config);
  const beside = config.scorer === "classic" ? undefined : createBotScorers({ ...config, scorer: "classic" });
  return (numbers = new PlayerNumbers()) => new JudgedPlayer(decides(numbers), beside?.(numbers));
}

class JudgedPlayer implements PlayerScorer {
  readonly #decides: BotScorer;
  readonly #beside: BotScorer | undefined;

  constructor(decides: BotScorer, beside: BotScorer | undefined) {
    this.#decides = decides;
    this.#beside = beside;
  }

  packet(time: number, opcode: number, size: number, side: 0 | 1, place: Float64Array | undefined): void {
    const number = opcode < 0 ? rawOpcode : opcode;
    this.#decides.action(time, number, size, side, place);
    this.#beside?.action(time, number, size, side, place);
  }

  roundTrip(time: number, micros: number): void {
    this.#decides.roundTrip(time, micros);
    this.#beside?.roundTrip(time, micros);
  }

  returns(): void {
    this.#decides.returns();
    this.#beside?.returns();
  }

  verdict(names: OpcodeNames): BotVerdict {
    const verdict = this.#decides.verdict();
    const classic = this.#beside?.verdict() ?? (verdict.scorer === "classic" ? verdict : undefined);
    return {
      verdict: verdict.says,
      score: verdict.score,
      ...(classic !== undefined && { classic: classic.score }),
      ...(verdict.scorer === "rhythm" && { rhythm: verdict.score }),
      sample: verdict.actions,
      evidence: evidenceOf(verdict, names),
    };
  }

  likeness(other: PlayerScorer): Likeness | undefined {
    const [mine, theirs] = [this.#decides.signature(), other instanceof JudgedPlayer ? other.#decides.signature() : undefined];
    return mine === undefined || theirs === undefined ? undefined : likeness(mine, theirs);
  }
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

function likeness(a: AccountSignature, b: AccountSignature): Likeness | undefined {
  const [macro, rhythm] = [macroSimilarity(a, b), rhythmSimilarity(a, b)];
  if (macro < macroSimilarityMin || rhythm < rhythmSimilarityMin) return undefined;
  const why = `${percent(macro)} of their sequences of eight actions are the same, and their waits overlap by ${percent(rhythm)}`;
  return { similarity: macro, why };
}

/** Measures told of one player, the rarest first. */
const measuresMax = 8;

/** What is told in which order: what comes again, what is measured of it, what can be compared with people. */
const toldOrder = ["sequence", "path", "text", "intervals", "responses"] as const;

/** Evidence with the names of its opcodes, the strongest first, and what the verdict does not rest on. */
function evidenceOf({ evidence, missing, actions, actionsMin, coverage }: Verdict, names: OpcodeNames): BotEvidence[] {
  const all = toldOrder.flatMap((kind) =>
    evidence
      .filter((piece) => piece.kind === kind)
      .slice(0, measuresMax)
      .map((piece): BotEvidence => (piece.kind === "sequence" ? { ...piece, names: piece.opcodes.map((opcode) => names(opcode)) } : piece)),
  );
  if (coverage === "packets")
    all.push({ kind: "text", text: "judged by packets alone, without a plugin's opcodes: no verdict is possible" });
  if (actions < actionsMin) all.push({ kind: "text", text: `${actions} actions are too few to judge (${actionsMin} are needed)` });
  for (const text of missing) all.push({ kind: "text", text: `not looked at: ${text}` });
  return all;
}
