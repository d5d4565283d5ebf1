/** Every number that decides about players. All of them may be set, and a back-test runs with others than the live ones. */
export interface BotConfig {
  readonly scorer: "classic" | "rhythm";
  /** Opcodes that no player decides: pings, acknowledgements, heartbeats, as the plugin or the catalog names them. */
  readonly ignoredOpcodes: readonly number[];
  readonly classic: ClassicConfig;
}

/** The four weighted heuristics. A coefficient of variation (CV) is deviation divided by mean. */
export interface ClassicConfig {
  readonly actionsMin: number;
  /** Score from which the verdict is "bot". */
  readonly botScore: number;
  /** Score below which the verdict is "human". */
  readonly humanScore: number;
  readonly weights: {
    readonly interArrival: number;
    readonly regularity: number;
    readonly opcodeEntropy: number;
    readonly responseConsistency: number;
  };
  /** CV of the gaps between packets at and above which timing counts as a person's. */
  readonly interArrivalCv: number;
  /** CV of the movement's steps at and above which it counts as a person's. */
  readonly regularityCv: number;
  /** Shannon entropy of the opcodes, bits, at and above which the repertoire counts as a person's. */
  readonly opcodeEntropyBits: number;
  /** CV of the time from one opcode to the next at and above which it counts as a person's. */
  readonly responseCv: number;
}

export const defaultBotConfig: BotConfig = {
  scorer: "classic",
  ignoredOpcodes: [],
  classic: {
    actionsMin: 50,
    botScore: 0.7,
    humanScore: 0.3,
    weights: { interArrival: 0.4, regularity: 0.2, opcodeEntropy: 0.2, responseConsistency: 0.2 },
    interArrivalCv: 0.5,
    regularityCv: 0.5,
    opcodeEntropyBits: 2.5,
    responseCv: 0.5,
  },
};
