import type { FindingCategory } from "./finding.ts";

export interface DetectorSettingRow {
  /** Without the detector's name. */
  readonly name: string;
  readonly doc: string;
  /** `s`, `ports` …; empty for none. */
  readonly unit: string;
  readonly type: string;
  readonly min?: number;
  readonly max?: number;
  readonly choices?: readonly string[];
  /** What comes along, what the configuration says, and what counts now, as the configuration would have it. */
  readonly default: string;
  readonly configured: string;
  readonly value: string;
  /** True when it was set while the program ran. */
  readonly changed: boolean;
}

export interface DetectorRow {
  readonly name: string;
  readonly summary: string;
  readonly category: FindingCategory;
  /** MITRE ATT&CK techniques. */
  readonly techniques: readonly string[];
  /** Whether it looks at what comes now. */
  readonly enabled: boolean;
  /** Whether the configuration switches it on. */
  readonly configured: boolean;
  /** True when it was switched while the program ran. */
  readonly changed: boolean;
  /** True when it has failed and is left out; it begins anew when it is switched or set. */
  readonly benched: boolean;
  /** Findings that it has told in this run. */
  readonly findings: number;
  readonly settings: readonly DetectorSettingRow[];
}

export interface DetectorsAnswer {
  readonly detectors: readonly DetectorRow[];
  /** False where no engine runs, and nothing can be changed. */
  readonly running: boolean;
}

/** A finding that a trial tells of. */
export interface TriedFinding {
  readonly detector: string;
  readonly category: string;
  readonly severity: string;
  readonly title: string;
  readonly time: string;
}

/** What one detector tells in a trial. */
export interface TriedDetector {
  readonly detector: string;
  readonly category: string;
  /** Findings as it is set now, and as it would be. */
  readonly now: number;
  readonly tried: number;
  /** Most findings on one day of packet time, and hosts that are accused, as it would be. */
  readonly most_per_day: number;
  readonly hosts: number;
  /** Findings that would come and go; of many the first. */
  readonly added: readonly TriedFinding[];
  readonly lost: readonly TriedFinding[];
}

/** A back-test of detectors on the packets that were kept. */
export interface DetectorTrial {
  readonly state: "none" | "running" | "done" | "failed";
  /** What is tried: `scan.targets-min=60`. */
  readonly settings: readonly string[];
  /** Of both passes over the packets, 0 to 1, while it runs. */
  readonly share?: number;
  /** Why it failed. */
  readonly cause?: string;
  readonly report?: {
    readonly captures: number;
    /** True when older packets are there that were not read. */
    readonly truncated: boolean;
    readonly packets: number;
    /** Time of the first and last packet. */
    readonly from: string;
    readonly to: string;
    /** Those that tell anything, now or then. */
    readonly detectors: readonly TriedDetector[];
  };
}
