import type { AllowControl } from "#contract/allow-control.ts";
import type { BaselineControl } from "#contract/baseline-control.ts";
import type { RuleControl } from "#contract/control.ts";
import type { DetectorControl } from "#contract/detector-control.ts";
import type { DetectorTrials } from "#contract/detector-trials.ts";
import type { FindingMarks } from "#contract/finding-marks.ts";
import type { FlowPackets } from "#contract/flow-packets.ts";
import type { GameControl } from "#contract/game-control.ts";
import type { GivenCaptures } from "#contract/given-captures.ts";
import type { LiveBus } from "#contract/live.ts";
import type { PlayerMarks } from "#contract/player-marks.ts";
import type { Store } from "#contract/store.ts";
import type { Config } from "#schema/config.ts";
import type { DeliveryRow } from "#schema/delivery.ts";
import type { Advice } from "#schema/finding.ts";
import type { BesideAnswer } from "#schema/suricata.ts";
import type { KindResource } from "./kind-resources.ts";
import type { LiveHub } from "./live-hub.ts";
import type { QueryGate } from "./query-gate.ts";

/** The part of the configuration that the API obeys. */
export type ApiConfig = Pick<
  Config,
  "api.listen" | "api.hosts" | "api.clients-max" | "api.queries-max" | "api.events-per-second" | "store.retention-days"
>;

/** What every route is handed. */
export interface ApiContext {
  readonly store: Store | undefined;
  readonly live: LiveBus | undefined;
  readonly resources: readonly KindResource[];
  /** What is known of a Suricata or Zeek beside the engine; absent when there is none. */
  readonly beside: (() => BesideAnswer) | undefined;
  /** Rules of the engine; absent where there is nothing to change. */
  readonly rules: RuleControl | undefined;
  /** What people say of players; absent where nothing keeps it. */
  readonly marks: PlayerMarks | undefined;
  /** States of findings and notes on them; absent where nothing keeps them. */
  readonly findings: FindingMarks | undefined;
  /** What the findings of a detector mean and what to do; `undefined` where it does not say. */
  readonly adviceOf: ((detector: string) => Advice | undefined) | undefined;
  /** Who is never told; absent where nothing is found. */
  readonly allow: AllowControl | undefined;
  /** Detectors; absent where nothing detects. */
  readonly detectors: DetectorControl | undefined;
  /** Trials of their settings; absent where no engine runs. */
  readonly trials: DetectorTrials | undefined;
  /** Plugins of games; absent where no games are read. */
  readonly games: GameControl | undefined;
  /** Receivers of findings and alerts; absent where nothing is sent. */
  readonly deliveries: (() => readonly DeliveryRow[]) | undefined;
  /** What was learnt of the network; absent where nobody learns it. */
  readonly baselines: BaselineControl | undefined;
  /** Captures that people give to be read; absent where none are taken. */
  readonly captures: GivenCaptures | undefined;
  /** Packets that are kept; absent where none are. */
  readonly packets: FlowPackets | undefined;
  readonly gate: QueryGate;
  readonly hub: LiveHub;
  readonly config: ApiConfig;
  /** What relative times count from: the capture clock, or the wall clock where no engine runs; microseconds. */
  readonly now: () => number;
  readonly version: string;
  /** Wall clock, milliseconds since 1970. */
  readonly startedAt: number;
}
