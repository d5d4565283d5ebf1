/**
 * What a scorer says of one player. Plain JSON: the API, findings and plots use it as it is. A verdict is an opinion
 * with its sample and its reasons, never a ban.
 */
export interface Verdict {
  readonly scorer: "classic" | "rhythm";
  readonly says: "human" | "undecided" | "bot";
  /** 0 (like people) to 1 (like a machine). */
  readonly score: number;
  /** Actions of the player that were judged: what is left once ticks and keep-alives are taken out. */
  readonly actions: number;
  /** Fewer actions than this never give "bot" or "human". */
  readonly actionsMin: number;
  /** Packets of the player that were seen, ticks and keep-alives included. */
  readonly packets: number;
  /** What the actions were read from: a plugin's opcodes, or raw packets, of which no verdict is possible. */
  readonly coverage: "opcodes" | "packets";
  /** What could not be looked at, in words: no movement, no answers of the server, too few actions. */
  readonly missing: readonly string[];
  readonly parts: readonly VerdictPart[];
  readonly evidence: readonly Evidence[];
}

/** One heuristic of the classic scorer, or one family of the rhythm scorer. */
export interface VerdictPart {
  readonly name: string;
  /** Classic: weighted share of the score, 0…weight. Rhythm: log-likelihood ratio of bot against person, nats. */
  readonly value: number;
  /** Rhythm: how rarely people come as far; classic: absent. */
  readonly pValue?: number;
  readonly features: readonly FeatureValue[];
}

export interface FeatureValue {
  readonly name: string;
  readonly value: number;
  /** Share of people that come as far in the direction of a bot; absent where nothing was calibrated. */
  readonly pValue?: number;
  /** 5 %, 50 % and 95 % quantile of people. */
  readonly people?: readonly [number, number, number];
}

/** A reason that a game master can read and plot. */
export type Evidence =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "intervals";
      readonly text: string;
      /** Upper edges in seconds; the last is open. */
      readonly edgesSeconds: readonly number[];
      readonly counts: readonly number[];
      /** What people would have in the same bins, of the same total; absent where nothing was calibrated. */
      readonly people?: readonly number[];
    }
  | {
      readonly kind: "sequence";
      readonly text: string;
      /** Opcodes of the looped sequence, once. */
      readonly opcodes: readonly number[];
      readonly intervalsSeconds: readonly number[];
      readonly repeats: number;
    }
  | {
      readonly kind: "path";
      readonly text: string;
      /** Way points of the repeated path, once, in the game's units. */
      readonly points: readonly (readonly [number, number])[];
      readonly repeats: number;
    }
  | {
      readonly kind: "responses";
      readonly text: string;
      readonly edgesMilliseconds: readonly number[];
      readonly counts: readonly number[];
    };
