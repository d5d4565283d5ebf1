import type { OddwireEvent } from "./event.ts";
import type { Advice, FindingCategory, Severity } from "./finding.ts";

/**
 * Where a finding stands: nobody has looked, somebody has, it was right and is dealt with, the detector was mistaken, it
 * is right and nothing bad.
 */
export const findingStates = ["new", "seen", "closed", "false", "benign"] as const;
export type FindingState = (typeof findingStates)[number];

/** What states say to whoever learns from them: an attack; a mistake of the detector; right, and nothing bad. */
export type FindingVerdict = "true" | "false" | "benign";

/** The verdict in a state; `undefined` while there is none. */
export const verdictOf = (state: FindingState): FindingVerdict | undefined =>
  state === "closed" ? "true" : state === "false" || state === "benign" ? state : undefined;

/** Parts of a finding that the next one may share with it: what verdicts are learned from. */
export interface FindingFacts {
  readonly detector: string;
  readonly category: string;
  readonly protocol?: string;
  readonly port?: number;
  /** Networks of the hosts: `10.2.0.0/16`, `internet`. */
  readonly networks?: readonly string[];
  /** Numbers that the detector gives as its reasons. */
  readonly reasons?: Readonly<Record<string, number>>;
}

/** What people say of a finding. Detectors never write it. */
export interface FindingMark {
  /** Id of the finding. */
  readonly finding: string;
  readonly state: FindingState;
  /** Empty when nobody wrote one. */
  readonly note: string;
  /** Who changed it last, as they call themselves; may be empty. */
  readonly who: string;
  /** When it was last changed, milliseconds since 1970. */
  readonly changed: number;
}

/** What is to be changed; the rest stays. */
export type FindingMarkChange = Partial<Pick<FindingMark, "state" | "note" | "who">>;

/** What earlier verdicts say of a finding. */
export interface FindingOpinion {
  /** `unknown` where too little is alike among them. */
  readonly verdict: FindingVerdict | "unknown";
  /** 0 to 1. */
  readonly probability: number;
  /** Verdicts of this class on findings of the same detector. */
  readonly alike: number;
  /** Verdicts that it was learned from. */
  readonly verdicts: number;
  /** What speaks for the class, strongest first; below 0 against it, nats. */
  readonly reasons: readonly { readonly feature: string; readonly weight: number }[];
}

/** A finding, all that was told of it in one row. */
export interface FindingRow {
  readonly id: string;
  readonly detector: string;
  readonly category: FindingCategory;
  readonly severity: Severity;
  readonly title: string;
  readonly score: number;
  readonly confidence: number;
  /** How often its cause was seen until it was last told. */
  readonly signs: number;
  /** Time of the first sign and of the newest telling. */
  readonly first: string;
  readonly last: string;
  readonly source?: string;
  readonly target?: string;
  readonly flow_id?: number;
  readonly techniques: readonly string[];
  readonly state: FindingState;
  readonly note: string;
  readonly who: string;
  /** When people last said something of it, milliseconds since 1970; 0 for never. */
  readonly changed: number;
  /** Absent until there are verdicts. */
  readonly opinion?: FindingOpinion;
}

export interface FindingsAnswer {
  readonly findings: readonly FindingRow[];
  /** `cursor` of the next page. */
  readonly next?: string;
}

export interface FindingAnswer {
  readonly finding: FindingRow;
  /** Everything told of it, newest first. */
  readonly tellings: readonly OddwireEvent[];
  /** Flow that it names, once it has ended. */
  readonly flows: readonly OddwireEvent[];
  /** Alerts between its hosts, newest first. */
  readonly alerts: readonly OddwireEvent[];
  /** Entries of the allow-list that would keep it back, narrowest first. */
  readonly allow: readonly string[];
  /** Absent where the detector gives none. */
  readonly advice?: Advice;
}

export interface TechniqueRow {
  /** ATT&CK's id: `T1046`, `T1071.004`. */
  readonly technique: string;
  readonly findings: number;
  readonly hosts: number;
  readonly severity: Severity;
  readonly detectors: readonly string[];
}

export interface TechniquesAnswer {
  readonly techniques: readonly TechniqueRow[];
  /** True when there are older findings than were looked at. */
  readonly truncated: boolean;
}

export interface HostRiskRow {
  readonly host: string;
  readonly risk: number;
  /** Absent below the threshold. */
  readonly severity?: Severity;
  /** What makes it, heaviest first. */
  readonly causes: readonly {
    readonly id: string;
    readonly title: string;
    readonly risk: number;
    /** True when it was done to the host. */
    readonly is_target: boolean;
  }[];
  readonly techniques: readonly string[];
}

export interface HostRisksAnswer {
  /** Time that the risks hold for, microseconds since 1970. */
  readonly time: number;
  readonly hosts: readonly HostRiskRow[];
  readonly truncated: boolean;
}
