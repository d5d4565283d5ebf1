import type { TickLimits } from "./channel-table.ts";
import type { ConditionalLimits } from "./conditional.ts";
import { defaultPeople } from "./default-people.generated.ts";
import type { SequentialLimits } from "./fusion.ts";
import type { People } from "./people.ts";

/** Every number that decides about players. All of them may be set, and a back-test runs with others than the live ones. */
export interface BotConfig {
  readonly scorer: "classic" | "rhythm";
  /** Opcodes that no player decides: pings, acknowledgements, heartbeats, as the plugin or the catalog names them. */
  readonly ignoredOpcodes: readonly number[];
  readonly classic: ClassicConfig;
  readonly rhythm: RhythmConfig;
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

/** The scorer that stands up to jitter; its method and sources are in docs/bots.md. */
export interface RhythmConfig extends TickLimits, ConditionalLimits, SequentialLimits {
  /** Actions that a window remembers, 50…800. Memory and time of an evaluation grow with it and with its square. */
  readonly windowActions: number;
  /** Actions from one evaluation to the next while the window fills. */
  readonly evaluationActions: number;
  /** The same once it is full: an evaluation then costs most and brings least. */
  readonly evaluationActionsFull: number;
  readonly actionsMin: number;
  /** A movement report within this of the one before is the client's, not a decision; seconds. */
  readonly moveGapSeconds: number;
  /** How near way points must be to count as the same: share of the diagonal of all of them. */
  readonly pathTolerance: number;
  readonly waypointsMin: number;
  /** κ of the likelihood ratio of a p-value, 0…1. */
  readonly ratioExponent: number;
  /** Tails are not believed further than this. */
  readonly pValueMin: number;
  /** A feature rarer than this is told as evidence. */
  readonly evidencePValue: number;
  /** Features that are left out, by name. */
  readonly without: readonly string[];
  /** What people are like. */
  readonly people: People;
}

export const defaultBotConfig: BotConfig = {
  scorer: "rhythm",
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
  rhythm: {
    windowActions: 400,
    evaluationActions: 50,
    evaluationActionsFull: 100,
    actionsMin: 100,
    tickGapsMin: 8,
    tickShareMin: 0.6,
    tickSecondsMax: 0.25,
    tickTolerance: 0.12,
    tickToleranceSeconds: 0.003,
    streamShareMin: 0.7,
    moveGapSeconds: 0.5,
    pathTolerance: 0.01,
    waypointsMin: 24,
    responseSecondsMax: 2,
    fastResponseSeconds: 0.1,
    fastResponseShare: 0.12,
    responsesMin: 20,
    delayWindowSeconds: 15,
    delayWindowsMin: 12,
    delayCorrelation: -0.3,
    dutyPauseSeconds: 4 * 3600,
    dutyHoursMean: 10,
    dutyHoursDeviation: 5,
    ratioExponent: 0.1,
    pValueMin: 1e-7,
    falseAlarm: 0.001,
    miss: 0.1,
    evidenceLeak: 0.5,
    hysteresisWindows: 3,
    evidencePValue: 0.01,
    without: [],
    people: defaultPeople,
  },
};
