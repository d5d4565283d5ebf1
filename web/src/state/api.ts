import type { AllowAnswer, NewAllow } from "#schema/allow.ts";
import type { EventPage, FlowAnswer, Health, KindFacts, TopAnswer } from "#schema/api.ts";
import type { BaselinesAnswer } from "#schema/baseline.ts";
import type { DetectorsAnswer, DetectorTrial } from "#schema/detector.ts";
import type { FindingAnswer, FindingMarkChange, FindingsAnswer, HostRisksAnswer, TechniquesAnswer } from "#schema/finding-mark.ts";
import type { PluginsAnswer, UnknownOpcodesAnswer } from "#schema/game.ts";
import type { CapturesAnswer } from "#schema/given-capture.ts";
import type { LiveFlow } from "#schema/live.ts";
import type { PlayerAnswer, PlayerMarkChange, PlayersAnswer } from "#schema/player.ts";
import type { IndicatorAnswer, IndicatorLists, KeywordHit, KeywordLists, NewIndicator, RuleState } from "#schema/rule-lists.ts";
import type { BesideAnswer } from "#schema/suricata.ts";
import type { Marked, StateFilter } from "#web/shell/route.ts";
import type { CapturesApi } from "./capture-giver.ts";
import type { Message } from "./live-state.ts";

/** What to ask of a kind's history. */
export interface Question {
  readonly kind: string;
  /** In the query language; empty for everything. */
  readonly expression: string;
  /** Column to sort by, `-` in front for descending; newest first when not given. */
  readonly order?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** A change resolves when the engine judges by it. */
export interface RulesApi {
  readonly state: (signal: AbortSignal) => Promise<RuleState>;
  readonly reload: () => Promise<unknown>;
  readonly keywords: (signal: AbortSignal) => Promise<KeywordLists>;
  readonly addKeyword: (line: string) => Promise<unknown>;
  readonly switchKeyword: (sid: number, on: boolean) => Promise<unknown>;
  readonly removeKeyword: (sid: number) => Promise<unknown>;
  readonly testKeywords: (text: string, signal: AbortSignal) => Promise<readonly KeywordHit[]>;
  readonly indicators: (signal: AbortSignal) => Promise<IndicatorLists>;
  readonly addIndicator: (indicator: NewIndicator) => Promise<unknown>;
  readonly removeIndicator: (value: string) => Promise<unknown>;
  readonly testIndicator: (value: string, signal: AbortSignal) => Promise<IndicatorAnswer>;
  readonly putList: (name: string, text: string) => Promise<unknown>;
  readonly switchList: (name: string, on: boolean) => Promise<unknown>;
  readonly removeList: (name: string) => Promise<unknown>;
}

/** Which players are meant. */
export interface PlayersQuestion {
  /** A part of the name, id or address. */
  readonly find: string;
  /** In the query language. */
  readonly expression: string;
  readonly marked: Marked;
  readonly order?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface PlayersApi {
  readonly list: (question: PlayersQuestion, signal: AbortSignal) => Promise<PlayersAnswer>;
  readonly one: (id: string, signal: AbortSignal) => Promise<PlayerAnswer>;
  readonly mark: (id: string, change: PlayerMarkChange) => Promise<unknown>;
}

/** Which findings are meant. */
export interface FindingsQuestion {
  /** In the query language; empty for everything. */
  readonly expression: string;
  readonly state: StateFilter;
  readonly order?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface FindingsApi {
  readonly list: (question: FindingsQuestion, signal: AbortSignal) => Promise<FindingsAnswer>;
  readonly one: (id: string, signal: AbortSignal) => Promise<FindingAnswer>;
  readonly mark: (id: string, change: FindingMarkChange) => Promise<unknown>;
  readonly techniques: (signal: AbortSignal) => Promise<TechniquesAnswer>;
  readonly hosts: (signal: AbortSignal) => Promise<HostRisksAnswer>;
}

/** Who is never told. */
export interface AllowApi {
  readonly list: (signal: AbortSignal) => Promise<AllowAnswer>;
  readonly add: (entry: NewAllow) => Promise<unknown>;
  readonly remove: (entry: string) => Promise<unknown>;
}

/** What looks for oddities without rules. */
export interface DetectorsApi {
  readonly list: (signal: AbortSignal) => Promise<DetectorsAnswer>;
  readonly switch: (name: string, on: boolean) => Promise<unknown>;
  readonly set: (name: string, setting: string, value: string) => Promise<unknown>;
  readonly reset: (name: string, setting?: string) => Promise<unknown>;
  readonly trial: (signal: AbortSignal) => Promise<DetectorTrial>;
  /** Begins a trial of settings, each as `scan.targets-min=60`. */
  readonly tryOut: (settings: readonly string[]) => Promise<unknown>;
  readonly cancelTrial: () => Promise<unknown>;
}

export interface GamesApi {
  readonly plugins: (signal: AbortSignal) => Promise<PluginsAnswer>;
  readonly unknown: (signal: AbortSignal) => Promise<UnknownOpcodesAnswer>;
}

/** What the views ask of the server. Failures are errors whose `message` is for people. */
export interface Api {
  readonly kinds: (signal: AbortSignal) => Promise<readonly KindFacts[]>;
  readonly events: (question: Question, signal: AbortSignal) => Promise<EventPage>;
  /** The largest groups of a column: by count, or by the sum of column `sum`. */
  readonly top: (question: Question, column: string, signal: AbortSignal, sum?: string) => Promise<TopAnswer>;
  readonly flow: (id: number, signal: AbortSignal) => Promise<FlowAnswer>;
  /** The live flows that match; empty for all that the server lists. */
  readonly liveFlows: (expression: string, signal: AbortSignal) => Promise<readonly LiveFlow[]>;
  /** Address of a flow's packets as a pcap file. */
  readonly packetsHref: (flow: number) => string;
  /** Address of the answer as a CSV file. */
  readonly csvHref: (question: Question) => string;
  readonly suricata: (signal: AbortSignal) => Promise<BesideAnswer>;
  /** Rules, keywords and lists of indicators: what there is, and changes of it. */
  readonly rules: RulesApi;
  /** Players of games, and what people say of them. */
  readonly players: PlayersApi;
  /** Findings, what people say of them, and what they add up to. */
  readonly findings: FindingsApi;
  /** Who is never told, and what that has kept back. */
  readonly allow: AllowApi;
  /** Detectors: their switches and settings. */
  readonly detectors: DetectorsApi;
  /** Plugins of games and what they do not know; empty where no games are read. */
  readonly games: GamesApi;
  /** What the engine takes for usual: the whole capture and its hosts. */
  readonly baselines: (signal: AbortSignal) => Promise<BaselinesAnswer>;
  /** Captures that were given to be read, at the server itself, whichever capture this page shows. */
  readonly captures: {
    readonly list: (signal: AbortSignal) => Promise<CapturesAnswer>;
    readonly remove: (id: string) => Promise<unknown>;
  } & CapturesApi;
  readonly health: (signal: AbortSignal) => Promise<Health>;
  /** Opens the live stream and keeps it open; the returned function ends it. */
  readonly live: (receive: (message: Message) => void) => () => void;
}
